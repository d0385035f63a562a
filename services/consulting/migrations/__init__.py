"""Changes of stored data, by number; each runs once."""
