"""What operations see: logs, metrics, traces."""
