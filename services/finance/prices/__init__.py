"""What a module costs, from a date on."""
