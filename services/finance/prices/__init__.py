"""The prices of modules, each from a date on."""
