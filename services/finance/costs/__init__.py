"""What the delivery of modules costs: what was spent, given in kind, and taken back."""
