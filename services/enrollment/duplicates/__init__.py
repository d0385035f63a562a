"""The recognition of two descriptions as one enterprise: keys, sounds, and sign-ups judged one after the other."""
