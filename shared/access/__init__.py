"""Who calls, and what they may do: tokens, permissions, suspensions, signed links, limits, the log of who read what."""
