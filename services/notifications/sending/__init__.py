"""The way of a letter to the mail relay."""
