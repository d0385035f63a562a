"""Saves waiting, and nothing else: without it everything is found by polling."""
