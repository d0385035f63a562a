"""Consultancy visits: planned, reported, reviewed."""
