"""Kills the sender of letters in the middle of its work: `python -m tests.resilience.letters`, described in `docs/faults.md`."""
