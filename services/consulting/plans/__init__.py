"""Improvement plans: what an enterprise's team means to do after a module, and what came of it."""
