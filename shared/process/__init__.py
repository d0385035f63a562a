"""Runs the processes of a service, web and worker: here everything comes together."""
