"""Tax numbers: an individual's NPWP is sealed, and equal ones are recognised by a keyed digest."""
