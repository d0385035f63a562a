"""What every service serves of the contracts between them, for others' tools."""
