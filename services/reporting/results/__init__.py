"""The programme's figures against its targets."""
