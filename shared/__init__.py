"""What every service is built from. Knows no service."""
