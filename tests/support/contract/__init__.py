"""Holds every answer of every test against the OpenAPI document of the service that gave it."""
