"""Erasure is one conversation: the owner says who is to be forgotten, every holder of a copy erases it and says so."""
