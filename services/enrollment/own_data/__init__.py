"""Own data: what somebody sees and decides about themselves, by the signed link of a letter."""
