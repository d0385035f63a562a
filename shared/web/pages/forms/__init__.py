"""Forms: what was typed, how it is drawn again, and one effect however often it is sent."""
