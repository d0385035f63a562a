"""Shows one record that a group could not apply, as far as it may be shown, and applies it again or discards it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from flask.typing import ResponseReturnValue

from shared.access.suspensions import groups_of
from shared.domain.errors import Conflict, NotFound
from shared.i18n.language import gettext
from shared.kernel.context import current_principal
from shared.kernel.message import gettext_noop
from shared.web.api.operations import READERS
from shared.web.fields import Text
from shared.web.pages.declare import Pages
from shared.web.pages.operations.labels import GONE, NO_GROUP, REASON_NAMES, UNSHOWN, message_of
from shared.web.pages.operations.permissions import NAME, OPERATORS, may_act, note
from shared.web.pages.rendering import redirect_to, render, site
from shared.web.schema import Schema

if TYPE_CHECKING:
    from shared.messaging.subscriptions import ConsumerGroup

PAGES = Pages(NAME, stored=False)
ID_PARTS = (4, 5)  # the fifth names an event whose place another one has


class Discard(Schema):
    reason = Text(required=True, longest=500)


@PAGES.get("/operations/parked/<path:record>", permits=READERS, title=gettext_noop("Parked record"), personal=True)
def operations_parked(record: str) -> ResponseReturnValue:
    from shared.messaging.errors import NotParked
    from shared.messaging.operations.commands import effects_of, found, group_of, neighbours
    from shared.messaging.operations.redaction import id_shown, whole

    try:
        row = found(_row_id(record))
    except NotParked:
        raise NotFound("parked record", record) from None
    redacted = whole(site().service.name, row)
    queue = neighbours(row)
    body = redacted["body"]
    return render(
        "operations_parked.html",
        record=redacted,
        body=gettext(body) if body in UNSHOWN else _as_json(body),
        is_json=body not in UNSHOWN,
        waits=_waits_for(row),
        first=id_shown(queue.first) if queue.first else None,
        behind=queue.behind,
        effects=effects_of(row),
        discarded="why" in row,
        reason_names=REASON_NAMES,
        may_act=may_act() and "why" not in row,
        has_group=group_of(groups_of(site().service), row) is not None,
    )


@PAGES.post("/operations/parked/<path:record>/retry", permits=OPERATORS, shows="operations_parked", personal=True)
def operations_retry(record: str) -> ResponseReturnValue:
    from shared.messaging.errors import NotParked
    from shared.messaging.operations.commands import retry

    try:
        row, group = _record_and_group(record)
        note("retry_parked", row["key"])
        outcome = retry(group, row["_id"])
    except NotParked:
        return redirect_to("operations", flash=GONE, kind="attention")
    notice = message_of(row, outcome)
    if outcome.state in ("applied", "superseded"):
        return redirect_to("operations", flash=notice.text, values=notice.values, kind=notice.kind)
    return redirect_to("operations_parked", record=record, flash=notice.text, values=notice.values, kind=notice.kind)


@PAGES.post(
    "/operations/parked/<path:record>/discard",
    permits=OPERATORS,
    body=Discard,
    shows="operations_parked",
    personal=True,
)
def operations_discard(record: str, body: dict[str, Any]) -> ResponseReturnValue:
    from shared.messaging.errors import NotParked
    from shared.messaging.operations.commands import discard

    principal = current_principal()
    try:
        row, group = _record_and_group(record)
        note("discard_parked", row["key"])
        outcome = discard(group, row["_id"], f"{body['reason']} ({principal.role} {principal.id})")
    except NotParked:
        return redirect_to("operations", flash=GONE, kind="attention")
    notice = message_of(row, outcome)
    if outcome.state == "applied":
        return redirect_to("operations", flash=notice.text, values=notice.values, kind=notice.kind)
    return redirect_to("operations_parked", record=record, flash=notice.text, values=notice.values, kind=notice.kind)


def _row_id(record: str) -> str:
    from shared.messaging.operations.redaction import id_typed

    if record.count("/") + 1 not in ID_PARTS:
        raise NotFound("parked record", record)
    return id_typed(record)


def _record_and_group(record: str) -> tuple[dict[str, Any], ConsumerGroup]:
    """Return the record, and the group that can go on with it. Raises `NotParked`."""
    from shared.messaging.operations.commands import found, group_of

    row = found(_row_id(record))
    group = group_of(groups_of(site().service), row)
    if group is None:
        raise Conflict(NO_GROUP)
    return row, group


def _waits_for(row: dict[str, Any]) -> tuple[str, str] | None:
    """Return the type and the key of the event that a waiting record names."""
    event_type, _, key = row["waiting_for"].partition("|")
    return (event_type, key) if key else None


def _as_json(content: Any) -> str:
    return orjson.dumps(content, option=orjson.OPT_INDENT_2, default=str).decode()
