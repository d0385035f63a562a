"""Answers what operators ask of every service: the events that one story left here.

`score story` and the story page join the answers of all services: command, events, the events they caused, letters.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marshmallow import fields

from shared.domain.outbox_rows import COLLECTION, PENDING
from shared.storage import connection
from shared.web.api.routes import Routes
from shared.web.fields import Identifier, Moment
from shared.web.schema import View

READERS = ("programme", "auditor")
operations = Routes("operations", description="For the people who run the platform")


class RecordedEvent(View):
    id = Identifier(required=True, attribute="_id")
    type = fields.String(required=True)
    topic = fields.String(required=True)
    key = Identifier(required=True)
    sequence = fields.Integer(required=True)
    recorded_at = Moment(required=True)
    pending = fields.Boolean(required=True)
    causation_id = Identifier(allow_none=True)
    principal = Identifier(allow_none=True)
    traceparent = fields.String(required=True)


class StoryView(View):
    correlation_id = Identifier(required=True)
    facts = fields.List(fields.Nested(RecordedEvent), required=True)


@operations.get("/v1/operations/trace/<uuid:correlation_id>", permits=READERS, returns=StoryView)
def show_story(correlation_id: UUID) -> dict[str, Any]:
    """The events that this service recorded in one story, oldest first; none where it took no part."""
    return {"correlation_id": correlation_id, "facts": events_of_story(correlation_id)}


def events_of_story(correlation_id: UUID) -> list[dict[str, Any]]:
    rows = sorted(
        connection.database()[COLLECTION].find({"correlation_id": correlation_id}),
        key=lambda row: (row["recorded_at"], row["sequence"]),
    )
    unsent = {row["_id"] for row in connection.database()[PENDING].find({"_id": {"$in": [row["_id"] for row in rows]}})}
    return [{**row, "pending": row["_id"] in unsent} for row in rows]
