"""What earlier phases reached."""
