"""What entering pubkit takes: files, text, YAML and the metadata they hold; and the data that travels with the package."""
