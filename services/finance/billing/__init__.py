"""Who is billed for what was delivered."""
