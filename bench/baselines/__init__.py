"""The same work without the guarantees, written as well as we can: a baseline written badly would prove nothing."""
