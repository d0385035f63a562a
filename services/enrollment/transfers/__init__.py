"""Transfers: the change of an enterprise's provider, and the merger of two registrations."""
