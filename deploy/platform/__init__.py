"""The operator's side of the platform: the runner of the embedded stack and the commands a person types."""
