"""The commands of `pubkit`, one module per subject; each adds its arguments and names the functions to run."""
