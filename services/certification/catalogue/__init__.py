"""The modules of enrollment's catalogue."""
