"""Reads forms, draws them again with what was typed, and gives each one effect however often it is sent."""
