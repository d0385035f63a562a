"""Participation: screening, commitment, enrolment and withdrawal of an enterprise."""
