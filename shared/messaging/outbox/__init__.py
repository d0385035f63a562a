"""What a service says: rows of its store, and their way to the topics."""
