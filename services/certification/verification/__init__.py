"""Whether a number is valid, for anyone."""
