"""Projections built anew beside the ones that are read."""
