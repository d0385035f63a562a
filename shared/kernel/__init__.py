"""What every module may use: time, identity, settings, on whose behalf, the declaration of a service."""
