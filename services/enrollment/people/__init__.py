"""People: the participants whom enterprises send, and their consents."""
