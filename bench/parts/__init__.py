"""What is measured: a part per promise, each beside a bare loop."""
