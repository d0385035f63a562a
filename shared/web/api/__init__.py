"""Serves the API: one declaration per operation, from which checks, answers and documentation follow."""
