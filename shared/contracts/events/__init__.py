"""What each service says: one module per owner."""
