"""Trainings: classrooms from their planning to their delivery."""
