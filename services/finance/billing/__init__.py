"""The billing of what was delivered."""
