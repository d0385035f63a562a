"""Imports: spreadsheets of institutions, enterprises and participants, worked off row by row."""
