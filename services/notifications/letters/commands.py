"""Writes letters, and sends them again where a person decided so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any, TypeAlias
from uuid import UUID
from zoneinfo import ZoneInfo

from services.notifications.content.kind import Heard
from services.notifications.content.trainings import EVALUATION, EVALUATION_REMINDER
from services.notifications.errors import UNKNOWN_LETTER
from services.notifications.letters.kinds import KINDS
from services.notifications.letters.model import CHOSEN, PASSED, AskedMailbox, Letter
from services.notifications.preferences.queries import as_chosen
from services.notifications.settings import notification_settings
from shared.contracts.event import Event
from shared.contracts.values import Money, PlannedModule
from shared.domain.errors import Invalid
from shared.kernel import clock
from shared.kernel.context import current_trace
from shared.messaging import parties
from shared.observability import metrics
from shared.reference.zones import WIB
from shared.storage.transaction import transactional

Word: TypeAlias = str | int | list[str] | None  # of what a letter is about: days and times as text


@transactional
def write_letter(
    *, template: str, cause_id: UUID, cause_at: datetime, recipient_id: UUID, institution_id: UUID | None,
    about: Mapping[str, Word], once_for: UUID | None = None, optional: bool = False,
    useful_until: datetime | None = None, unwanted: bool = False,
) -> Letter | None:  # fmt: skip
    """Write a letter about an event; the same event, template and recipient again change nothing.

    With `once_for` the letter is written once for that thing, whatever further events say of it. An `optional` letter is
    for somebody who may or may not have an address, and is no work for anybody where there is none. What is `useful_until`
    a moment is not written after it (then None is returned), nor sent, nor released. One that is `unwanted` is on record only.
    """
    now = clock.now()
    if useful_until is not None and useful_until < now:
        return None
    letter_id = Letter.id_for(once_for or cause_id, template, recipient_id)
    written = Letter.find(letter_id)
    if written:
        return written
    letter = Letter(
        id=letter_id, template=template, cause_id=cause_id, cause_at=cause_at, recipient_id=recipient_id,
        institution_id=institution_id, about=dict(about), optional=optional, useful_until=useful_until,
        correlation_id=current_trace().correlation_id, traceparent=current_trace().traceparent,
    )  # fmt: skip
    if unwanted:
        letter.leave_unwritten(CHOSEN)
    elif letter.is_stale(now, notification_settings().fresh_for):
        letter.transition("hold")
    else:
        _address(letter)
    metrics.LETTERS.labels(letter.state).inc()
    return letter.save()


@transactional
def tell(template: str, heard: Heard, event: Event, *, cause_id: UUID, cause_at: datetime, sequence: int) -> None:
    """Write the letters of a kind about an event, to everybody whom its declaration names."""
    about = {"sequence": sequence, **{name: told_of(getattr(event, name)) for name in heard.about}}
    days = [day for name in heard.useful_until for day in days_of(getattr(event, name))]
    useful_until = datetime.combine(max(days), time.max, ZoneInfo(WIB)) if days else None
    thing = (heard.thing, str(getattr(event, heard.thing))) if heard.thing else ("", "")
    for audience, field in heard.to.items():
        recipient_id = getattr(event, field)
        if recipient_id is None:
            continue
        leave_overtaken(recipient_id, heard.overtakes, *thing)
        if retell(recipient_id, heard.instead_of, *thing, about=about, useful_until=useful_until):
            continue
        write_letter(
            template=template, cause_id=cause_id, cause_at=cause_at, recipient_id=recipient_id,
            institution_id=getattr(event, heard.institution), about={**about, "to": audience},
            optional=KINDS[template].optional, useful_until=useful_until,
        )  # fmt: skip


@transactional
def retell(
    recipient_id: UUID, templates: Iterable[str], key: str, thing: str, *, about: Mapping[str, Word],
    useful_until: datetime | None,
) -> bool:  # fmt: skip
    """Let a letter that has not gone out yet say what holds now; False where there is none.

    What it says of the time before stays: of that alone its recipient knows.
    """
    found = _unsent(recipient_id, templates, key, thing)
    for letter in found:
        letter.retell(about, useful_until)
        letter.save()
    return bool(found)


@transactional
def leave_overtaken(recipient_id: UUID, templates: Iterable[str], key: str, thing: str) -> None:
    """Leave the letters about a thing unwritten that have not gone out yet and no longer hold."""
    for letter in _unsent(recipient_id, templates, key, thing):
        letter.overtake()
        letter.save()


def _unsent(recipient_id: UUID, templates: Iterable[str], key: str, thing: str) -> list[Letter]:
    wanted = set(templates)
    if not wanted:
        return []
    rows = Letter.objects(recipient_id=recipient_id)
    return [row for row in rows if row.template in wanted and row.is_to_come and row.about.get(key) == thing]


def told_of(value: object) -> Any:
    """Return what a letter keeps of a value of an event."""
    match value:
        case UUID():
            return str(value)
        case date():
            return value.isoformat()
        case Money():
            return value.amount
        case PlannedModule():
            return value.module
        case tuple():
            return [told_of(item) for item in value]
        case _:
            return value


def days_of(value: date | tuple[date, ...]) -> tuple[date, ...]:
    return value if isinstance(value, tuple) else (value,)


@transactional
def release_letter(letter_id: UUID) -> Letter:
    """Release a letter with old news, since a person decided that it shall go out after all."""
    letter = Letter.get(letter_id)
    letter.transition("release")
    if letter.is_too_late(clock.now()):
        letter.leave_unwritten(PASSED)
    else:
        _address(letter)
    return letter.save()


@transactional
def release_letters(letter_ids: Sequence[UUID]) -> list[Letter]:
    """Release several letters with old news, all of them or none."""
    unknown = [place for place, letter_id in enumerate(letter_ids) if Letter.find(letter_id) is None]
    if unknown:
        raise Invalid(errors=[UNKNOWN_LETTER.at(f"/letter_ids/{place}") for place in unknown])
    return [release_letter(letter_id) for letter_id in dict.fromkeys(letter_ids)]


@transactional
def resend_letter(letter_id: UUID, reason: str) -> Letter:
    """Let a letter go out again, since a person decided so; it keeps its Message-ID."""
    letter = Letter.get(letter_id)
    letter.resend(clock.now(), reason)
    return letter.save()


@transactional
def forget_recipient(party_id: UUID) -> None:
    """Leave the letters unwritten that wait for somebody who was erased; a mailbox that was asked is no longer theirs."""
    for letter in Letter.objects(recipient_id=party_id):
        before = letter.state, letter.reason, letter.address_id
        letter.forget_recipient()
        if (letter.state, letter.reason, letter.address_id) != before:
            letter.save()
        for mailbox in AskedMailbox.objects(letter_id=letter.id):
            mailbox.letter_id = None
            mailbox.save()


def takes_mailbox(letter: Letter, email: str) -> bool:
    """Take a mailbox for a letter that asks about a training, in the running transaction; False where another letter has it."""
    if letter.template not in (EVALUATION, EVALUATION_REMINDER):
        return True
    asking = Letter.id_for(UUID(letter.about["training_id"]), EVALUATION, letter.recipient_id)
    asked_id = AskedMailbox.id_of(letter.about["training_id"], email)
    taken = AskedMailbox.find(asked_id)
    if taken is None:
        AskedMailbox(id=asked_id, letter_id=asking).save()
    return taken is None or taken.letter_id == asking


def _address(letter: Letter) -> None:
    """Queue a letter whose recipient can be written to by now."""
    told = parties.find_addressees([letter.recipient_id])
    if letter.recipient_id in told.erased:
        letter.forget_recipient()
        return
    contact = as_chosen(told.known.get(letter.recipient_id), letter.recipient_id)
    letter.address(contact, now=clock.now(), fresh_for=notification_settings().fresh_for)
