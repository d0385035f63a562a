"""The institutions to which trainers belong."""
