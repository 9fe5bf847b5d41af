"""What entering pubkit takes: files, text, YAML and the metadata they hold."""
