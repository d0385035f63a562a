"""Rosters: an enterprise's seats in a classroom, by number or by name, and its attendance."""
