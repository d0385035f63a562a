"""Notifications: one event makes at most one letter per recipient and template, in the recipient's language.

A *letter* is claimed before it is sent; an unknown result is `ambiguous` and never resent by itself. Addresses are a local
copy of the owners' parties. A letter without an address waits for the contact, one about old news is held for a person.
"""
