"""What somebody does not want to be told."""
