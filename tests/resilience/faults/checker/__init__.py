"""Judges a run from what databases and topics hold. Imports nothing of the platform: it knows its collections by name."""
