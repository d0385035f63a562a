"""Erasure is one conversation of all services: an owner of persons says whom to forget, every holder answers."""

from __future__ import annotations

from uuid import UUID

from shared.contracts.event import Event


class AboutErasure(Event):
    """A person who is to be forgotten."""

    person_id: UUID


class AboutErasureDone(Event):
    """A copy of a person that is gone; `erasure_id` is the holder's own record of it, the UUIDv5 of the person."""

    erasure_id: UUID
    person_id: UUID
