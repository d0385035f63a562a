"""Signed links and the key that signs them."""
