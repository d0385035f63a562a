"""A letter about an occasion carries it into the calendar of its reader, and out of it again."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from email import message_from_bytes
from typing import Any
from uuid import UUID

import pytest
from icalendar import Calendar

from services.notifications.letters.handlers import letters
from services.notifications.letters.mail import UnsafeHeader, require_headers
from services.notifications.letters.model import Letter
from services.notifications.occasions.queries import Invitation
from services.notifications.recipients.handlers import addresses
from services.notifications.sending import jobs
from services.notifications.trainings.handlers import trainings
from shared.contracts.event import Event
from shared.contracts.events.consulting import VisitCancelled, VisitRescheduled, VisitScheduled
from shared.contracts.events.enrollment import (
    RosterSeated,
    RosterWaitlisted,
    TrainingCancelled,
    TrainingRescheduled,
    TrainingScheduled,
)
from shared.contracts.parties import Party
from shared.contracts.reference import Venue
from shared.contracts.values import InvitedEnterprise
from shared.messaging.subscriptions import ConsumerGroup
from shared.storage import connection
from tests.support import factories
from tests.support.calendars import Read, read_by_both
from tests.support.factories import ALPHA, days_ago
from tests.support.histories import changed, one
from tests.support.letters import state_of
from tests.support.mail_relay import Relay
from tests.support.records import Group, party_records, records_of, reference_records
from tests.support.waiting import until

FIRM, TRAINING, SEKAR, WULAN = one("firm", 1), one("training", 1), one("person", 1), one("person", 2)
LEAD = one("trainer", 1)
INVITED = (InvitedEnterprise(enterprise_id=FIRM, participant_ids=(SEKAR, WULAN)),)
NAME = "CV Maju, Jaya\u202e; \\n"


def party(party_id: Any, kind: str, name: str, email: str, language: str = "id") -> Party:
    return Party(party_id=party_id, version=1, kind=kind, name=name, email=email, language=language)


@pytest.fixture
def known(relay: Relay) -> Relay:
    told = [
        party(FIRM, "enterprise", "CV Contoh", "contoh@example.org"),
        party(SEKAR, "person", "Sekar", "sekar@example.org"),
        party(WULAN, "person", "Wulan", "wulan@example.org", "en"),
        party(LEAD, "person", "Lestari", "lestari@example.org"),
        party(ALPHA, "institution", NAME, "mitra@example.org"),
    ]
    Group(addresses).take(party_records("enrollment", told))
    place = Venue(training_id=TRAINING, version=1, name="Aula; lantai 2", address="Jalan Contoh 1, Semarang")
    Group(addresses).take(reference_records("enrollment", [place], Venue))
    return relay


def plan(kind: type[Any], *days: int, **more: Any) -> Any:
    return changed(
        kind, training_id=TRAINING, module="M1", provider_id=ALPHA, revision=1, days=tuple(days_ago(*days)),
        zone="Asia/Jayapura", start_time="08:30", end_time="16:00", lead_trainer_id=LEAD, co_trainer_ids=(),
        supervisor_id=None, **more,
    )  # fmt: skip


def roster(kind: type[Any], *people: UUID, **more: Any) -> Any:
    return changed(kind, training_id=TRAINING, enterprise_id=FIRM, participant_ids=people, **more)


def calendars(relay: Relay) -> dict[str, list[tuple[str, str | None, Read]]]:
    """Return what each recipient's program is told: the part as it lies, its method and its entry."""
    found: dict[str, list[tuple[str, str | None, Read]]] = defaultdict(list)
    for recipient, raw in zip(relay.recipients, relay.taken, strict=True):
        for part in (part for part in message_from_bytes(raw).walk() if part.get_content_type() == "text/calendar"):
            assert part.get_param("charset") == "utf-8"
            text = part.get_payload(decode=True).decode()  # type: ignore[union-attr]
            method, (entry,) = read_by_both(text)
            assert part.get_param("method") == method
            found[recipient].append((text, method, entry))
    return found


def told_one_by_one(group: ConsumerGroup, events: list[Event]) -> None:
    """Tell events, and send what they cause before the next one comes: nobody's letter is told anew."""
    for record in records_of(events):
        Group(group).take([record])
        until(_all_sent, "the letters are sent")


def _all_sent() -> bool:
    jobs.send_due()
    return not Letter.objects(state__in=["queued", "sending"]).count()


def steps(told: list[tuple[str, str | None, Read]]) -> list[tuple[str | None, int, str]]:
    assert [entry.sequence for _, _, entry in told] == sorted({entry.sequence for _, _, entry in told})
    return [(method, entry.sequence, entry.status) for _, method, entry in told]


def test_a_training_is_one_entry_from_the_invitation_to_its_end(known: Relay) -> None:
    told_one_by_one(
        trainings,
        [
            plan(TrainingScheduled, -10, -11),
            roster(RosterWaitlisted, SEKAR, position=1),
            plan(TrainingRescheduled, -11, -12, previous_days=tuple(days_ago(-10, -11)), invited=INVITED),
            roster(RosterSeated, SEKAR, WULAN),
            roster(RosterSeated, WULAN),
            roster(RosterSeated, SEKAR, WULAN),
            plan(TrainingRescheduled, -12, -14, previous_days=tuple(days_ago(-11, -12)), invited=INVITED),
            plan(TrainingCancelled, -12, -14, invited=INVITED),
        ],
    )
    found = calendars(known)
    asked, moved = ("REQUEST", 4, "CONFIRMED"), ("REQUEST", 7, "CONFIRMED")
    over = ("CANCEL", 8, "CANCELLED")
    taken_and_given_back = [("CANCEL", 5, "CANCELLED"), ("REQUEST", 6, "CONFIRMED")]
    assert {recipient: steps(told) for recipient, told in found.items()} == {
        "contoh@example.org": [asked, moved, over],
        "sekar@example.org": [asked, *taken_and_given_back, moved, over],
        "wulan@example.org": [asked, moved, over],
        "lestari@example.org": [("REQUEST", 1, "CONFIRMED"), ("REQUEST", 3, "CONFIRMED"), moved, over],
    }
    for told in found.values():
        entries = [entry for _, _, entry in told]
        assert {entry.uid for entry in entries} == {str(TRAINING)}
        assert [len(entry.begins) for entry in entries] == [2] * len(entries)
        assert entries[0].lasts == timedelta(hours=7, minutes=30)
        assert {entry.location for entry in entries} == {"Aula; lantai 2, Jalan Contoh 1, Semarang"}
        assert {entry.summary for entry in entries} == {"M1 (CV Maju, Jaya; \\n)"}


def test_a_visit_is_one_entry_for_the_enterprise_and_the_trainer(known: Relay) -> None:
    first, then = days_ago(-10, -12)
    about: dict[str, Any] = {"visit_id": one("visit", 1), "enterprise_id": FIRM, "trainer_id": LEAD, "provider_id": ALPHA,
                             "module": "M1", "number": 2}  # fmt: skip
    told_one_by_one(
        letters,
        [
            changed(VisitScheduled, **about, planned_on=first),
            changed(VisitRescheduled, **about, planned_on=then, previous_on=first),
            changed(VisitCancelled, **about, planned_on=then),
        ],
    )
    found = calendars(known)
    assert found.keys() == {"contoh@example.org", "lestari@example.org"}
    for told in found.values():
        assert steps(told) == [("REQUEST", 1, "CONFIRMED"), ("REQUEST", 2, "CONFIRMED"), ("CANCEL", 3, "CANCELLED")]
        assert {entry.uid for _, _, entry in told} == {str(one("visit", 1))}
        assert [entry.begins for _, _, entry in told] == [(first,), (then,), (then,)]


def test_what_has_not_gone_out_yet_invites_to_the_days_that_hold(known: Relay) -> None:
    invited = (InvitedEnterprise(enterprise_id=FIRM, participant_ids=(SEKAR,)),)
    Group(trainings).take(
        records_of(
            [
                plan(TrainingScheduled, -10, -11),
                roster(RosterSeated, SEKAR),
                plan(TrainingRescheduled, -12, -14, previous_days=tuple(days_ago(-10, -11)), invited=invited),
            ]
        )
    )
    until(_all_sent, "the letters are sent")
    found = calendars(known)
    assert len(found) == 3
    for ((_, method, entry),) in found.values():
        assert (method, entry.sequence) == ("REQUEST", 3)
        assert entry.begins[1] - entry.begins[0] == timedelta(days=2)


def test_an_invitation_names_nobody_but_who_asks_and_who_is_asked(known: Relay) -> None:
    told_one_by_one(trainings, [plan(TrainingCancelled, -10, invited=INVITED)])
    assert len(known.recipients) == 4
    for recipient, ((text, _, _),) in calendars(known).items():
        (entry,) = Calendar.from_ical(text).walk("VEVENT")
        assert entry["ATTENDEE"] == f"mailto:{recipient}"
        assert entry["ORGANIZER"] == "mailto:score@example.org"
        unfolded = text.replace("\r\n ", "")
        assert unfolded.count("@example.org") == 2
        assert not any(name in unfolded for name in ("Sekar", "Wulan", "CV Contoh"))


def test_a_letter_of_an_earlier_release_goes_without(known: Relay) -> None:
    letter = factories.letter(ALPHA)
    about = {"module": "M1", "training_id": str(TRAINING), "days": ["2026-12-01"], "zone": "Asia/Jakarta"}
    connection.database()["letters"].update_one(
        {"_id": letter.id}, {"$set": {"template": "training_cancelled", "about": about}}
    )
    jobs.send_due()
    assert state_of(letter) == "sent"
    assert b"text/calendar" not in known.taken[0]


def test_a_finished_mail_that_invites_to_something_else_is_not_sent(known: Relay) -> None:
    told_one_by_one(trainings, [plan(TrainingCancelled, -10, invited=INVITED)])
    ((text, _, _),) = calendars(known)["sekar@example.org"]
    raw = known.taken[known.recipients.index("sekar@example.org")]
    sent = message_from_bytes(raw)
    meant = {name: sent[name] for name in sent if name not in ("Content-Language", "Content-Type", "MIME-Version")}
    meant["Subject"] = known.mails[known.recipients.index("sekar@example.org")]["Subject"]
    require_headers(raw, meant, "sekar@example.org", Invitation("CANCEL", text))
    for other in (None, Invitation("REQUEST", text), Invitation("CANCEL", text.replace("SEQUENCE:1", "SEQUENCE:0"))):
        with pytest.raises(UnsafeHeader):
            require_headers(raw, meant, "sekar@example.org", other)
