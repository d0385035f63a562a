"""A seeded simulation of the backbone: the production relay, delivery and parking over in-memory ports, with faults."""
