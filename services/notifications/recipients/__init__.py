"""Addresses that arrive after the letter."""
