"""Kill tests on real processes: `python -m tests.faults`, described in `docs/faults.md`."""
