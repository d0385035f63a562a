"""Institutions: the register of the programme's partners, and the people to write to."""
