"""Occasions: when and where people meet, as calendar programs keep it."""
