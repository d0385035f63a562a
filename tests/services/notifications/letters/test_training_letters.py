"""Letters about trainings: a request to evaluate with a link of one's own, and news of moved and cancelled trainings."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.notifications.letters.commands import resend_letter
from services.notifications.letters.labels import FOR_A_PERSON
from services.notifications.letters.model import Letter
from services.notifications.links import commands
from services.notifications.links import queries as links_queries
from services.notifications.recipients.commands import forget_recipient
from services.notifications.recipients.handlers import addresses
from services.notifications.sending import jobs
from services.notifications.settings import notification_settings
from services.notifications.trainings.handlers import trainings
from shared.access.signed_links import Link, read_link
from shared.access.suspensions import group_for
from shared.contracts.events.enrollment import (
    DeliveryReversed,
    TrainingCancelled,
    TrainingDelivered,
    TrainingRescheduled,
)
from shared.contracts.parties import Party
from shared.contracts.reference import ModuleTitle, Venue
from shared.contracts.values import Attendance, DeliveredEnterprise, Headcount, InvitedEnterprise
from shared.contracts.wire.compacted import Tombstone
from shared.kernel import clock, ids
from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM
from shared.kernel.settings.current import settings
from shared.storage import connection
from shared.storage.transaction import transactional
from tests.support.factories import days_ago
from tests.support.fixture_types import Enter
from tests.support.histories import changed, one
from tests.support.letters import text_of
from tests.support.mail_relay import Relay, started
from tests.support.records import Group, party_records, records_of, reference_records

FIRM, OTHER, TRAINING = one("firm", 1), one("firm", 2), one("training", 1)
WITH_EMAIL, ENGLISH, WITHOUT = (one("person", number) for number in (1, 2, 3))
THERE = Attendance(managers=Headcount(women=1, men=1), workers=Headcount(women=1, men=0))
ADDRESS = re.compile(r"http://127\.0\.0\.1:8101/evaluations/(\S+)")


@pytest.fixture
def relay(enter: Enter, configured: pytest.MonkeyPatch, tmp_path: Any) -> Iterator[Relay]:
    found = Relay()
    controller = started(found)
    configured.setenv("SCORE_SMTP", f"127.0.0.1:{controller.port}")
    settings.cache_clear()
    notification_settings.cache_clear()
    enter("notifications")
    with acting_as(SYSTEM):
        keys = tmp_path / "keys.json"
        keys.write_text(json.dumps({"keys": links_queries.public_keys()}), encoding="utf-8")
        configured.setenv("SCORE_LINK_KEYS_URL", keys.as_uri())
        settings.cache_clear()
        yield found
    controller.stop()
    notification_settings.cache_clear()


def person(party_id: UUID, version: int = 1, **values: Any) -> Party:
    return Party(party_id=party_id, version=version, kind="person", name="Sekar", belongs_to=FIRM, **values)


PEOPLE = [
    person(WITH_EMAIL, email="sekar@example.org"), person(ENGLISH, email="wulan@example.org", language="en"), person(WITHOUT),
    Party(party_id=FIRM, version=1, kind="enterprise", name="CV Contoh", email="contoh@example.org"),
]  # fmt: skip


def delivered(kind: type[Any] = TrainingDelivered, **more: Any) -> Any:
    came = DeliveredEnterprise(
        enterprise_id=FIRM, journey_id=one("journey", 1), attendance=THERE,
        participant_ids=(WITH_EMAIL, ENGLISH, WITHOUT),
    )  # fmt: skip
    return changed(kind, training_id=TRAINING, module="M1", enterprises=(came,), **more)


def known_people() -> None:
    Group(addresses).take(party_records("enrollment", PEOPLE))


@transactional
def bounce(letter_id: UUID) -> None:
    letter = Letter.get(letter_id)
    letter.bounced("smtp-550")
    letter.save()


def mails_by_recipient(relay: Relay) -> dict[str, Any]:
    jobs.send_due()
    assert len(set(relay.recipients)) == len(relay.recipients)
    return dict(zip(relay.recipients, relay.mails, strict=True))


def test_who_was_there_is_asked_once_by_a_link_of_their_own(relay: Relay) -> None:
    known_people()
    told = [delivered(), delivered(DeliveryReversed, reason="other", reversed_on=days_ago(0)[0]), delivered()]
    Group(trainings).take(records_of(told))
    mails = mails_by_recipient(relay)
    assert mails.keys() == {"sekar@example.org", "wulan@example.org"}
    assert "Bagaimana pelatihan M1" in mails["sekar@example.org"]["Subject"]
    assert "What was the training M1 like" in mails["wulan@example.org"]["Subject"]
    for email, subject in (("sekar@example.org", WITH_EMAIL), ("wulan@example.org", ENGLISH)):
        (signed,) = ADDRESS.findall(text_of(mails[email]))
        link = read_link(signed, "evaluation", "/link")
        assert (link.subject_id, link.object_id) == (subject, TRAINING)
        last = clock.now() + timedelta(days=notification_settings().link_days)
        assert last - timedelta(minutes=5) < link.expires_at <= last
        assert signed in mails[email].get_body(("html",)).get_content().replace("=\r\n", "")
    unwritten = Letter.objects.get(recipient_id=WITHOUT)
    assert (unwritten.state, unwritten.reason) == ("suppressed", "no-address")
    assert unwritten.state not in FOR_A_PERSON


def test_who_is_invited_is_told_the_place_and_the_hours_and_what_the_module_is_called(relay: Relay) -> None:
    known_people()
    place = Venue(training_id=TRAINING, version=3, name="Aula Contoh", address="Jalan Contoh 1, Semarang")
    title = ModuleTitle(
        module_version_id=ids.new(), version=1, module="M1", module_version=1, title_in_indonesian="Kerja Sama",
        title_in_english="Cooperation",
    )  # fmt: skip
    Group(addresses).take(reference_records("enrollment", [place], Venue))
    Group(group_for("notifications")).take(reference_records("enrollment", [title], ModuleTitle, 41_000))
    invited = (InvitedEnterprise(enterprise_id=FIRM, participant_ids=(WITH_EMAIL, ENGLISH)),)
    moved = changed(
        TrainingRescheduled,
        training_id=TRAINING,
        module="M1",
        invited=invited,
        start_time="08:30",
        end_time="16:00",
        days=tuple(days_ago(-3, -4)),
    )
    Group(trainings).take(records_of([moved]))
    mails = mails_by_recipient(relay)
    for email, words in (
        (
            "sekar@example.org",
            ("M1 Kerja Sama", "08.30 – 16.00 WIB", "Tempat pelaksanaan : Aula Contoh", "Jalan Contoh 1, Semarang"),
        ),
        (
            "wulan@example.org",
            ("M1 Cooperation", "08:30 – 16:00 WIB", "Venue        : Aula Contoh", "Jalan Contoh 1, Semarang"),
        ),
    ):
        assert words[0] in mails[email]["Subject"]
        assert all(word in text_of(mails[email]) for word in words)
        assert "Aula Contoh" in mails[email].get_body(("html",)).get_content()


def test_a_link_is_kept_nowhere_and_stands_for_the_same_use_each_time(relay: Relay) -> None:
    known_people()
    Group(trainings).take(records_of([delivered()]))
    (signed,) = ADDRESS.findall(text_of(mails_by_recipient(relay)["sekar@example.org"]))
    everything = "".join(str(list(connection.database()[name].find({}))) for name in ("letters", "outbox"))
    assert signed not in everything
    assert "example.org" not in everything
    issued = commands.letter_link("evaluation", WITH_EMAIL, TRAINING).rpartition("/")[2]
    used = {read_link(one_link, "evaluation", "").used_id for one_link in (signed, issued)}
    assert used == {Link("evaluation", WITH_EMAIL, TRAINING, clock.now()).used_id}


def test_an_address_that_comes_late_is_written_to_and_one_that_goes_is_not(relay: Relay) -> None:
    Group(trainings).take(records_of([delivered()]))
    known_people()
    late = person(WITHOUT, 2, email="baru@example.org")
    Group(addresses).take(party_records("enrollment", [late, Tombstone(key=WITH_EMAIL, version=2)], 20_000))
    assert mails_by_recipient(relay).keys() == {"baru@example.org", "wulan@example.org"}


def test_a_mailbox_gets_one_link_about_a_training_whoever_it_is_entered_for(relay: Relay) -> None:
    """A provider that enters its own mailbox for four of five would know the marks of the fifth."""
    first = [person(WITH_EMAIL, email="kotak@example.org"), person(ENGLISH, email="Ko.tak+dua@example.org")]
    Group(addresses).take(party_records("enrollment", first))
    Group(trainings).take(records_of([delivered()]))
    jobs.send_due()
    assert len(relay.recipients) == 1
    moved = [person(WITH_EMAIL, 2, email="lain@example.org"), person(ENGLISH, 2, email="kotak+tiga@example.org"),
             person(WITHOUT, 1, email="KOTAK@example.org")]  # fmt: skip
    Group(addresses).take(party_records("enrollment", moved, 20_000))
    jobs.send_due()
    assert len(relay.recipients) == 1, "nor does another's link follow when the first has moved away"
    found = {letter.recipient_id: (letter.state, letter.reason) for letter in Letter.objects}
    asked = next(recipient for recipient, (state, _) in found.items() if state == "sent")
    assert asked in (WITH_EMAIL, ENGLISH)
    del found[asked]
    assert set(found.values()) == {("suppressed", "mailbox-asked")}
    everything = "".join(str(list(connection.database()[name].find({}))) for name in ("letters", "asked_mailboxes"))
    assert "kotak" not in everything.casefold()


def test_a_mailbox_is_asked_about_each_training_and_a_letter_may_go_to_it_again(relay: Relay) -> None:
    Group(addresses).take(party_records("enrollment", [person(WITH_EMAIL, email="kotak@example.org")]))
    Group(trainings).take(records_of([delivered()]))
    jobs.send_due()
    (letter,) = Letter.objects(state="sent")
    bounce(letter.id)
    resend_letter(letter.id, "address-works")
    other = changed(TrainingDelivered, training_id=one("training", 2), module="M2", enterprises=delivered().enterprises)
    Group(trainings).take(records_of([other], 20_000))
    jobs.send_due()
    assert relay.recipients == ["kotak@example.org"] * 3


def test_who_is_erased_frees_no_mailbox(relay: Relay) -> None:
    """Else one mailbox would get a second link in exchange for an erasure; and nothing is left that leads to a person."""
    Group(addresses).take(party_records("enrollment", [person(WITH_EMAIL, email="kotak@example.org")]))
    Group(trainings).take(records_of([delivered()]))
    jobs.send_due()
    forget_recipient(WITH_EMAIL)
    (kept,) = connection.database()["asked_mailboxes"].find({})
    assert kept.keys() == {"_id"}
    Group(addresses).take(party_records("enrollment", [person(ENGLISH, email="kotak@example.org")], 20_000))
    jobs.send_due()
    assert len(relay.recipients) == 1


INVITED = (
    InvitedEnterprise(enterprise_id=FIRM, participant_ids=(ENGLISH, WITHOUT)),
    InvitedEnterprise(enterprise_id=OTHER),
)


@pytest.mark.parametrize(
    ("kind", "template", "indonesian", "english"),
    [
        (TrainingRescheduled, "training_moved", "dijadwalkan ulang", "moved"),
        (TrainingCancelled, "training_cancelled", "dibatalkan", "cancelled"),
    ],
)
def test_who_is_invited_hears_that_a_training_is_moved_or_cancelled(
    relay: Relay, kind: type[Any], template: str, indonesian: str, english: str
) -> None:
    known_people()
    days = tuple(days_ago(-3, -4))
    Group(trainings).take(records_of([changed(kind, training_id=TRAINING, module="M2", days=days, invited=INVITED)]))
    mails = mails_by_recipient(relay)
    assert mails.keys() == {"contoh@example.org", "wulan@example.org"}
    assert indonesian in mails["contoh@example.org"]["Subject"]
    assert english in mails["wulan@example.org"]["Subject"]
    assert "M2" in text_of(mails["wulan@example.org"])
    found = Letter.objects(template=template)
    states = {letter.recipient_id: letter.state for letter in found if letter.about["to"] != "trainer"}
    assert states == {FIRM: "sent", ENGLISH: "sent", WITHOUT: "suppressed", OTHER: "waiting_for_contact"}


@pytest.mark.parametrize("kind", [TrainingRescheduled, TrainingCancelled])
def test_nobody_is_told_of_days_that_are_over(relay: Relay, kind: type[Any]) -> None:
    known_people()
    past = {"days": tuple(days_ago(2, 1))} | ({"previous_days": ()} if kind is TrainingRescheduled else {})
    Group(trainings).take(records_of([changed(kind, training_id=TRAINING, invited=INVITED, **past)]))
    assert Letter.objects.count() == 0


def test_days_that_pass_while_a_letter_waits_leave_it_unwritten(relay: Relay, configured: pytest.MonkeyPatch) -> None:
    Group(trainings).take(records_of([changed(TrainingCancelled, days=tuple(days_ago(-3, -4)), invited=INVITED)]))
    configured.setenv("SCORE_CLOCK_OFFSET", str(10 * 86_400))
    settings.cache_clear()
    known_people()
    jobs.send_due()
    told = {letter.recipient_id: (letter.state, letter.reason) for letter in Letter.objects}
    assert told[FIRM] == ("suppressed", "occasion-passed")
    assert relay.recipients == []


def test_other_trainers_alone_concern_nobody_who_is_invited(relay: Relay) -> None:
    known_people()
    days = tuple(days_ago(-3, -4))
    told = changed(TrainingRescheduled, training_id=TRAINING, days=days, previous_days=days, invited=INVITED)
    Group(trainings).take(records_of([told]))
    assert Letter.objects.count() == 0
