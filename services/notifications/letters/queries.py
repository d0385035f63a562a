"""Reads letters for the pages: by whom they go to, and by the days on which they were written."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from services.notifications.letters.kinds import KINDS
from services.notifications.letters.model import NO_ADDRESS, Letter
from shared.domain.names import is_called, name_key, words_of
from shared.messaging import parties
from shared.reference.zones import WIB
from shared.storage.row_scope import ScopedQuerySet

MOST_FOUND: Final = 50
HIDDEN: Final = "•••"


def may_be_printed(letter: Letter) -> bool:
    """Say whether a letter may be handed over on paper: one that went out or waits, and one that only lacked an address.

    What asks what a training was like is for its person alone; on paper there are slips without a name (decision 77).
    """
    wanted = letter.state != "suppressed" or letter.reason == NO_ADDRESS
    return wanted and KINDS[letter.template].topic != "evaluations"


def lacks_address(letter: Letter) -> bool:
    """Say whether its recipient hears of it by nothing but paper, or a person who passes it on."""
    lacking = letter.state in ("unreachable", "waiting_for_contact") or letter.reason == NO_ADDRESS
    return lacking and may_be_printed(letter)


def letters_to(name: str) -> list[Letter]:
    """Return the newest letters to whom words of a name fit, or the beginnings of them, among those the caller may see."""
    words = words_of(name_key(name))
    if not words:
        return []
    recipients = {row["recipient_id"] for row in Letter.objects.only("recipient_id").as_pymongo()}
    called = {party_id for party_id, row in parties.find_all(recipients).items()
              if is_called(words_of(name_key(row["name"])), words)}  # fmt: skip
    found = Letter.objects(recipient_id__in=list(called)).order_by("-created_at") if called else []
    return list(found[:MOST_FOUND])


def written_between(first: date | None, last: date | None) -> ScopedQuerySet:
    """Return the letters that were written on these days, by the clock in Jakarta; an end that is not given is open."""
    rows = Letter.objects
    if first is not None:
        rows = rows.filter(created_at__gte=_begin_of(first))
    if last is not None:
        rows = rows.filter(created_at__lt=_begin_of(last + timedelta(days=1)))
    return rows


def masked_addresses(recipient_ids: list[UUID]) -> dict[UUID, str]:
    """Return of each address as much as tells one from another: its first letter and its domain."""
    return {party_id: masked(row["email"]) for party_id, row in parties.find_all(recipient_ids).items() if row["email"]}


def masked(email: str) -> str:
    local, _, domain = email.rpartition("@")
    return f"{local[:1]}{HIDDEN}@{domain}"


def _begin_of(day: date) -> datetime:
    return datetime.combine(day, time.min, ZoneInfo(WIB))
