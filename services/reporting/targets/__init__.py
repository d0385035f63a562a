"""The targets of Phase III."""
