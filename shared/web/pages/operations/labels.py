"""Names things as the operations page shows them, and words what became of a record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from shared.kernel.message import Message, gettext_noop, pgettext_noop

if TYPE_CHECKING:
    from shared.messaging.operations.commands import Outcome
    from shared.web.pages.session.notices import Kind

LONGEST_DETAIL = 300  # it travels in a cookie

REASON_NAMES = {
    "failed": (gettext_noop("Failed: needs a person"), "problem"),
    "waiting": (gettext_noop("Waits for another event"), "waiting"),
    "gap": (gettext_noop("Queues behind an earlier record"), "active"),
    "discarded": (gettext_noop("Given up"), "ended"),
}

# What `shared.messaging.operations.redaction` says in place of a body.
UNSHOWN = (
    gettext_noop("not shown: its text may be personal data"),
    gettext_noop("none: an erasure"),
    gettext_noop("not known: the broker's client could not take the record apart"),
    gettext_noop("not shown: no header says what it is"),
    gettext_noop("not shown: it is not JSON"),
)

GONE = gettext_noop("It is no longer parked: it was applied or given up meanwhile.")
NO_GROUP = Message(
    pgettext_noop("refusal", "This release has no such group: only the release that has it can go on with its records.")
)
OUTBOXES = {
    "facts": gettext_noop("Events"),
    "contacts": gettext_noop("Parties: people and institutions"),
    "reference": gettext_noop("Titles of modules, venues"),
}
OWNS_NONE = Message("This service owns none of these.")
AS_A_WHOLE = Message("Only events are sent from a time on; everything else is sent as a whole.")
KEY_OR_DAY = Message("Give one of the two: a key or a day.")
IN_THE_FUTURE = Message("This time is in the future. Choose a time that has passed.")
TOO_MANY = gettext_noop(
    "These are more than %(most)s rows. Choose a later time, or use the command score outbox republish."
)


@dataclass(frozen=True, slots=True)
class OutcomeMessage:
    text: str
    values: dict[str, object]
    kind: Kind


_NOTICES: dict[str, tuple[str, Kind]] = {
    "applied": (gettext_noop("The record is applied. Still parked of its key: %(behind)s."), "good"),
    "superseded": (gettext_noop("It had been applied before and is no longer parked."), "good"),
    "waiting": (gettext_noop("Still parked, it waits: %(detail)s"), "attention"),
    "failed": (gettext_noop("It failed again: %(detail)s"), "problem"),
    "out of turn": (
        gettext_noop("It is not its turn: number %(number)s of this key comes after number %(expected)s."),
        "attention",
    ),
    "discarded": (
        gettext_noop("The record is given up and kept with the reason. Still parked of its key: %(behind)s."),
        "good",
    ),
}


def message_of(row: dict[str, Any], outcome: Outcome) -> OutcomeMessage:
    from shared.messaging.operations.redaction import detail_of

    text, kind = _NOTICES[outcome.state]
    detail = detail_of(row, outcome.detail)[:LONGEST_DETAIL] if outcome.detail else ""
    values = {"detail": detail, "behind": outcome.behind, "number": row["sequence"], "expected": outcome.expected}
    return OutcomeMessage(text, values, kind)
