"""What waits for whoever signs in, of consulting."""
