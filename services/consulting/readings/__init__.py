"""Readings of an enterprise's indicators: what was measured, when, and to whom it may be told."""
