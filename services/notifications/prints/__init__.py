"""Letters on paper, for those whom no mail reaches."""
