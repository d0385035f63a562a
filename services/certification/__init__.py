"""Certification: trainers, and what they are entitled to teach.

A *qualification* is one trainer and one module; it holds the *certificates* that were given for it, one after the other. A
*historic* certificate was earned before the platform and rests on a document that the programme has seen. Anyone may ask
whether a certificate number is valid; the answer names no person.
"""
