"""Registers people of an enterprise, and reads the party told of them. People are invented."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.enrollment.people import commands as people_commands
from services.enrollment.people.model import Participant
from shared.storage import connection


def person(enterprise_id: UUID, name: str = "Ratna Dewi", **more: Any) -> Participant:
    described = {
        "sex": "female",
        "role": "worker",
        "email": "ratna@example.org",
        "consent": {"purposes": ["training", "contact"]},
    }
    return people_commands.register_participant(enterprise_id=enterprise_id, name=name, **{**described, **more})


def told_party(person_id: UUID) -> str:
    row = connection.database()["contact_outbox"].find_one({"_id": person_id})
    return str(row["body"]) if row else ""
