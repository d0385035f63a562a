"""Invoices, numbered without gaps."""
