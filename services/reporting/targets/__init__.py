"""What Phase III promised."""
