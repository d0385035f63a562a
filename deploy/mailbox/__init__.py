"""The embedded run's mail: kept, shown on a page, sent to nobody."""
