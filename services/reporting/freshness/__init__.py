"""The freshness of the figures: how current they are."""
