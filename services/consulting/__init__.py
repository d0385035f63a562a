"""Consulting: the visits in the company that follow a classroom.

A *visit* is planned by the provider for one trainer and belongs to one module of one enterprise. Its trainer *reports* it;
somebody else *accepts* the report or *returns* it. Only an accepted visit counts anywhere; a *voided* one is taken back
everywhere. What a report says stays here: events carry dates, minutes and codes.
"""
