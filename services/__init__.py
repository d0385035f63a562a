"""The services of the programme. Each imports `shared` and itself, never another."""
