"""Serves HTTP: the API that partners' systems call and the pages that people use, both over the same commands."""
