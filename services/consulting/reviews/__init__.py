"""The review of reports, one after the other."""
