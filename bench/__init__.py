"""What the guarantees cost: each part of the platform beside a bare loop that does the same work without them.

Both sides of a ratio run in one run, in turn, on the same engines, with the same payload, acknowledgements and
durability. Everything listens on loopback, is bounded in count and time, and ends with the run.
"""
