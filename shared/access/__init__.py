"""Decides who calls and what they may do: tokens, permissions, suspensions, signed links, limits, the access log."""
