"""How contract classes become bytes and are read again: one codec."""
