"""Serves lists: filters, orders, pages by cursor, rows read in windows."""
