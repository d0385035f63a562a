"""What is published of the contracts, as one document for others' tools."""
