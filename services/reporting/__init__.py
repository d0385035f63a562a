"""Reporting: the results of the programme against its targets.

A *figure* is one indicator of the results framework as it stands. A *target* is what Phase III promised for it, with its
history. A *projection* is a row per enterprise, trainer, invoice or cost, kept from the events of the other services; figures
are counted from the rows when they are asked for. *Opening balances* are what earlier phases reached; no counter holds them.
"""
