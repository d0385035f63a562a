"""Signs people in."""
