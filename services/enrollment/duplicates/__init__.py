"""How two descriptions of enterprises are recognised as one: keys, sounds, and sign-ups judged one after the other."""
