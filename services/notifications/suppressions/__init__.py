"""Addresses that no letter goes to any more, until somebody enters another."""
