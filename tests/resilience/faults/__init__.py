"""Kill tests on real processes: `python -m tests.resilience.faults`, described in `docs/faults.md`."""
