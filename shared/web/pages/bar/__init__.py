"""Knows the pages of all services, and leads to those that are for whoever looks."""
