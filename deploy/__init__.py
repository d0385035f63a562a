"""Runs the platform: the only code that sees all services."""
