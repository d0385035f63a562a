"""Lets operators see and do what they may."""
