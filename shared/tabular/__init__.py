"""Writes and reads rows as spreadsheets: CSV and XLSX."""
