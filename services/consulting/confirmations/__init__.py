"""What an enterprise says to the report of its visit."""
