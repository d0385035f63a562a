"""Knows who looks at a page, and what they are told once."""
