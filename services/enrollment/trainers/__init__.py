"""Trainers: who may lead a module, as certification said."""
