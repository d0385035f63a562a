"""The loops of a worker: relay and timers under leases, and the control topic."""
