"""Assessments of an enterprise: before its first module, after modules, and half a year and a year later."""
