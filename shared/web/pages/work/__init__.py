"""Shows what waits for whoever has signed in, gathered from the services."""
