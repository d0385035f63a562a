"""Enterprises: sign-up, correction, and what is known of each."""
