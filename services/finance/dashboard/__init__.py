"""The page of what waits for somebody."""
