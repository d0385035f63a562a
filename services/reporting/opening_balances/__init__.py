"""Opening balances: what earlier phases reached."""
