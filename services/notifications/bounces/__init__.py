"""Letters that come back after the relay had taken them."""
