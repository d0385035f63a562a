"""Which trainer may teach which module."""
