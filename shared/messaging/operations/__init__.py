"""What operators may see and do."""
