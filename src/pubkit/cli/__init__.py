"""The commands of `pubkit`, one module per subject; each adds its arguments and names the function it runs."""
