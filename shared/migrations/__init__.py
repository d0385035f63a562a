"""Changes of what the platform itself keeps in every service's store, applied before the service's own."""
