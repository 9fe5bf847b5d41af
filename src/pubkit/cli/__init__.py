"""The commands of `pubkit`, by what they are about; each adds its arguments and says what it runs."""
