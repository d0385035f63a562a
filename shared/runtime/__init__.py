"""A process of the platform: its settings, clock, ids, context, and how it starts and stops."""
