"""Sends events, parties and reference once more: the first press shows how many it would be, the second does it."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import make_response
from flask.typing import ResponseReturnValue

from shared.domain.errors import Conflict, Invalid
from shared.i18n.language import gettext
from shared.kernel import clock
from shared.kernel.errors import Problem
from shared.kernel.message import Message, gettext_noop
from shared.kernel.settings.current import settings
from shared.reference.zones import ZONE_OF
from shared.web.fields import Choice, Identifier, IsoDate, Text
from shared.web.pages.declare import Pages
from shared.web.pages.forms.submitted_form import asked
from shared.web.pages.operations.labels import AS_A_WHOLE, IN_THE_FUTURE, KEY_OR_DAY, OUTBOXES, OWNS_NONE, TOO_MANY
from shared.web.pages.operations.permissions import NAME, OPERATORS, note
from shared.web.pages.rendering import redirect_to, render, site
from shared.web.schema import Regexp, Schema

if TYPE_CHECKING:
    from shared.messaging.outbox.compacted import AnyOutbox

PAGES = Pages(NAME, stored=False)


class SendAgain(Schema):
    """The rows to send again: of which outbox, and those of one key or all that were recorded since a moment."""

    what = Choice(*OUTBOXES, required=True)
    key = Identifier()
    day = IsoDate()
    time = Text(validate=Regexp(r"([01]\d|2[0-3]):[0-5]\d$"))


@PAGES.get("/operations/again", permits=OPERATORS, title=gettext_noop("Send again"))
def operations_again() -> ResponseReturnValue:
    """Show what would be sent again and how much it is; a second press does it."""
    from shared.messaging.operations.commands import outboxes_of, rows_to_send

    sent = asked()
    wish: dict[str, Any] | None = None
    rows = 0
    try:
        if sent.problem is None and sent.values:
            wish = sent.load(SendAgain)
            rows = rows_to_send(*_rows_chosen(wish))
    except Problem as problem:
        sent.refuse(problem)
        wish = None
    drawn = render(
        "operations_again.html",
        wish=wish,
        values=sent.values,
        since=_since(wish) if wish else None,
        rows=rows,
        most=settings().operations_most_rows,
        outboxes=[(name, gettext(OUTBOXES[name])) for name in outboxes_of(site().service)],
    )
    return make_response(drawn, sent.problem.status if sent.problem else 200)


@PAGES.post("/operations/again", permits=OPERATORS, body=SendAgain, personal=True)
def operations_send_again(body: dict[str, Any]) -> ResponseReturnValue:
    from shared.messaging.operations.commands import pages, rows_to_send

    outbox, key, since = _rows_chosen(body)
    most = settings().operations_most_rows
    if rows_to_send(outbox, key, since) > most:
        raise Conflict(Message(TOO_MANY, {"most": most}))
    note("send_again", key)
    rows = 0
    for ids in pages(outbox, key, since):
        outbox.send_again(ids)
        rows += len(ids)
    flash = gettext_noop("%(rows)s rows of %(topic)s wait to be sent again; the worker of this service sends them.")
    return redirect_to("operations", flash=flash, values={"rows": rows, "topic": outbox.topic})


def _rows_chosen(wish: dict[str, Any]) -> tuple[AnyOutbox, UUID | None, datetime | None]:
    """Return the outbox, the key and the moment that are meant; raise `Invalid` where they do not go together."""
    from shared.messaging.operations.commands import EVENTS, outboxes_of

    outbox = outboxes_of(site().service).get(wish["what"])
    key, since = wish.get("key"), _since(wish)
    if outbox is None:
        raise Invalid("/what", "not-a-choice", OWNS_NONE)
    if wish["what"] != EVENTS and since:
        raise Invalid("/day", detail=AS_A_WHOLE)
    if wish["what"] == EVENTS and bool(key) == bool(since):
        raise Invalid("/key", "required", KEY_OR_DAY)
    if since and since > clock.now():
        raise Invalid("/day", detail=IN_THE_FUTURE)
    return outbox, key, since


def _since(wish: dict[str, Any]) -> datetime | None:
    if "day" not in wish:
        if "time" in wish:
            raise Invalid("/day", "required")
        return None
    moment = time.fromisoformat(wish.get("time", "00:00"))
    return datetime.combine(wish["day"], moment, ZoneInfo(ZONE_OF["WIB"])).astimezone(UTC)
