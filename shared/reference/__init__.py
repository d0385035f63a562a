"""Codes that every service uses."""
