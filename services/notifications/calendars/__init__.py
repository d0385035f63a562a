"""Calendars: the private addresses at which trainers and providers have their trainings and visits read."""
