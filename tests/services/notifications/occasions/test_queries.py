"""A letter about an occasion carries it into the calendar of its reader, and out of it again."""

from __future__ import annotations

from datetime import date, timedelta
from email import message_from_bytes
from typing import Any

import pytest
from icalendar import Calendar

from services.notifications.letters.handlers import letters
from services.notifications.letters.mail import UnsafeHeader, require_headers
from services.notifications.letters.model import Letter
from services.notifications.occasions.queries import Invitation
from services.notifications.recipients.handlers import addresses
from services.notifications.sending import jobs
from shared.contracts.events.enrollment import TrainingCancelled, TrainingRescheduled
from shared.contracts.parties import Party
from shared.contracts.reference import Venue
from shared.contracts.values import InvitedEnterprise
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
NAME = "CV Maju, Jaya\u202e; \\n"


def party(party_id: Any, kind: str, name: str, email: str, language: str = "id") -> Party:
    return Party(party_id=party_id, version=1, kind=kind, name=name, email=email, language=language)


@pytest.fixture
def known(relay: Relay) -> Relay:
    told = [
        party(FIRM, "enterprise", "CV Contoh", "contoh@example.org"),
        party(SEKAR, "person", "Sekar", "sekar@example.org"),
        party(WULAN, "person", "Wulan", "wulan@example.org", "en"),
        party(ALPHA, "institution", NAME, "mitra@example.org"),
    ]
    Group(addresses).take(party_records("enrollment", told))
    place = Venue(training_id=TRAINING, version=1, name="Aula; lantai 2", address="Jalan Contoh 1, Semarang")
    Group(addresses).take(reference_records("enrollment", [place], Venue))
    return relay


def plan(kind: type[Any], revision: int, *days: int, **more: Any) -> Any:
    return changed(
        kind, training_id=TRAINING, module="M1", provider_id=ALPHA, revision=revision, days=tuple(days_ago(*days)),
        invited=(InvitedEnterprise(enterprise_id=FIRM, participant_ids=(SEKAR, WULAN)),), zone="Asia/Jayapura",
        start_time="08:30", end_time="16:00", **more,
    )  # fmt: skip


def _all_sent() -> bool:
    jobs.send_due()
    return not Letter.objects(state__in=["queued", "sending"]).count()


def calendars(relay: Relay) -> dict[str, list[tuple[str, str | None, Read]]]:
    """Return what each recipient's program is told: the part as it lies, its method and its entry."""
    until(_all_sent, "the letters are sent")
    found: dict[str, list[tuple[str, str | None, Read]]] = {}
    for recipient, raw in zip(relay.recipients, relay.taken, strict=True):
        (part,) = [part for part in message_from_bytes(raw).walk() if part.get_content_type() == "text/calendar"]
        assert part.get_param("charset") == "utf-8"
        text = part.get_payload(decode=True).decode()  # type: ignore[union-attr]
        method, (entry,) = read_by_both(text)
        assert part.get_param("method") == method
        found.setdefault(recipient, []).append((text, method, entry))
    return found


def test_a_moved_and_a_cancelled_training_are_one_entry_for_all(known: Relay) -> None:
    told = [
        plan(TrainingRescheduled, 2, -10, -11, previous_days=(date(2026, 1, 1),)),
        plan(TrainingRescheduled, 3, -12, -14, previous_days=(date(2026, 1, 1),)),
        plan(TrainingCancelled, 3, -12, -14),
    ]
    Group(letters).take(records_of(told))
    found = calendars(known)
    assert found.keys() == {"contoh@example.org", "sekar@example.org", "wulan@example.org"}
    for told_one in found.values():
        entries = sorted((entry for _, _, entry in told_one), key=lambda entry: entry.sequence)
        assert {entry.uid for entry in entries} == {str(TRAINING)}
        assert [entry.sequence for entry in entries] == [2, 3, 4]
        assert [entry.status for entry in entries] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
        assert sorted(method or "" for _, method, _ in told_one) == ["CANCEL", "REQUEST", "REQUEST"]
        assert [len(entry.begins) for entry in entries] == [2, 2, 2]
        assert entries[0].lasts == timedelta(hours=7, minutes=30)
        assert {entry.location for entry in entries} == {"Aula; lantai 2, Jalan Contoh 1, Semarang"}
        assert {entry.summary for entry in entries} == {"M1 (CV Maju, Jaya; \\n)"}


def test_an_invitation_names_nobody_but_who_asks_and_who_is_asked(known: Relay) -> None:
    Group(letters).take(records_of([plan(TrainingCancelled, 1, -10)]))
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
    Group(letters).take(records_of([plan(TrainingCancelled, 1, -10)]))
    ((text, _, _),) = calendars(known)["sekar@example.org"]
    raw = known.taken[known.recipients.index("sekar@example.org")]
    sent = message_from_bytes(raw)
    meant = {name: sent[name] for name in sent if name not in ("Content-Language", "Content-Type", "MIME-Version")}
    meant["Subject"] = known.mails[known.recipients.index("sekar@example.org")]["Subject"]
    require_headers(raw, meant, "sekar@example.org", Invitation("CANCEL", text))
    for other in (None, Invitation("REQUEST", text), Invitation("CANCEL", text.replace("SEQUENCE:2", "SEQUENCE:1"))):
        with pytest.raises(UnsafeHeader):
            require_headers(raw, meant, "sekar@example.org", other)
