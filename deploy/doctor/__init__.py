"""The doctor: looks at what is known to go wrong and says it in words."""
