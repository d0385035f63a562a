"""Rows kept from the events of the other services."""
