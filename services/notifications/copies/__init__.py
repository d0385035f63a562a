"""What letters said that went out: kept for a time, to be shown to who decides about them."""
