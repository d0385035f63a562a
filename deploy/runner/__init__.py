"""The runner: starts a stack in order, keeps it alive, stops it in the exact reverse."""
