"""What pages that somebody opens by an address of their own have in common."""
