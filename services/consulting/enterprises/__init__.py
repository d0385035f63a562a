"""Whose each enterprise is, as enrollment said."""
