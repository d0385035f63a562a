"""Answers what waits here for the caller: the part that one service has in the first page after the sign-in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from marshmallow import fields

from shared.access.permissions import ROLES
from shared.kernel.context import current_principal
from shared.web.api.routes import Routes
from shared.web.fields import IsoDate, Text, Whole
from shared.web.pages.declare import Work
from shared.web.pages.rendering import site
from shared.web.schema import View

work = Routes("work", description="What waits for whoever asks")


class ThingView(View):
    title = Text(required=True)
    address = Text(required=True)
    due_on = IsoDate(required=True, allow_none=True)


class WorkItem(View):
    """`address` is a path of the service's pages; `due_on` says until when the first of it is due."""

    title = Text(required=True)
    text = Text(required=True, allow_none=True)
    address = Text(required=True)
    count = Whole(required=True, allow_none=True)
    due_on = IsoDate(required=True, allow_none=True)
    things = fields.List(fields.Nested(ThingView), required=True)


class WorkView(View):
    items = fields.List(fields.Nested(WorkItem), required=True)


@work.get("/v1/work", permits=tuple(sorted(ROLES)), returns=WorkView, personal=True)
def show_work() -> dict[str, Any]:
    """What waits here for the caller, in the caller's language."""
    return {"items": list(own_work())}


def own_work() -> Iterator[Work]:
    """Find what waits in this service for whoever looks."""
    role = current_principal().role
    for waiting in site().pages.waiting:
        if role in waiting.permits:
            found = waiting.find()
            if found is not None:
                yield found
