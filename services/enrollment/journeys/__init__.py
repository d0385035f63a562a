"""Journeys: an enterprise's way through one module, from the classroom to its completion."""
