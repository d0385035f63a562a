"""Who may visit for a module, as certification said."""
