"""Rows as spreadsheets, written and read: CSV and XLSX."""
