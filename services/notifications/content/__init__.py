"""What letters say: of each kind one description, from which its text and its HTML are made."""
