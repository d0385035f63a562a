"""Evaluations: participants' anonymous answers about a training."""
