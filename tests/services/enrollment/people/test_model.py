"""What a person consents to, what leaves of them, and what erasure takes. People are invented."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import mongoengine as me
import pytest

from services.enrollment.people import consent
from services.enrollment.people.model import Participant, name_key
from services.enrollment.people.privacy_request import KINDS, PrivacyRequest
from services.enrollment.settings import enrollment_settings
from shared.contracts.events.enrollment import ConsentChanged, ParticipantRegistered, PersonErased
from shared.contracts.wire.codec import encode
from shared.domain.errors import Conflict, NotAllowedNow
from shared.kernel import clock
from tests.support.participants import (
    NOW,
    STAFF,
    TODAY,
    give,
    person,
    staff,  # noqa: F401 - for every test here
)


def said(someone: Participant, kind: type[Any]) -> list[Any]:
    return [event for event in someone._events if isinstance(event, kind)]


def test_a_registration_says_what_the_person_consents_to_and_not_who_it_is() -> None:
    someone = person("contact", "training")
    (event,) = said(someone, ParticipantRegistered)
    assert (event.purposes, event.consent_version) == (("training", "contact"), consent.CURRENT_TEXT)
    assert said(someone, ConsentChanged) == []
    assert b"Ratna" not in encode(event)
    assert b"example.org" not in encode(event)


def test_a_withdrawal_stops_the_purpose_and_keeps_the_history() -> None:
    someone = person("training", "contact")
    someone.withdraw(["contact", "publication"], by=STAFF.id, at=NOW)
    (event,) = said(someone, ConsentChanged)
    assert (event.purposes, event.withdrawn) == (("training",), ("contact",))
    give(someone, "contact")
    assert someone.purposes == ("training", "contact")
    assert [(one.purpose, one.withdrawn_at is None) for one in someone.consents] == [
        ("training", True), ("contact", False), ("contact", True),
    ]  # fmt: skip


def test_what_changes_nothing_says_nothing() -> None:
    someone = person("training")
    give(someone, "training")
    someone.withdraw(["publication"], by=STAFF.id, at=NOW)
    someone.lift_restriction()
    assert said(someone, ConsentChanged) == []
    assert len(someone.consents) == 1
    someone.withdraw(["training"], by=STAFF.id, at=NOW)
    first = someone.consents[0].withdrawn_at
    someone.withdraw(["training"], by=STAFF.id, at=NOW)
    assert (len(said(someone, ConsentChanged)), someone.consents[0].withdrawn_at) == (1, first)


def test_an_address_leaves_only_with_consent_to_be_contacted() -> None:
    assert person("training", phone="+628123456789").party().email is None
    someone = person("training", "contact", phone="+628123456789")
    assert (someone.party().email, someone.party().phone) == ("ratna@example.org", "+628123456789")
    assert (someone.party().belongs_to, someone.party().kind) == (someone.enterprise_id, "person")
    someone.withdraw(["contact"], by=STAFF.id, at=NOW)
    assert (someone.party().email, someone.party().phone) == (None, None)


def test_a_restriction_suspends_every_purpose_and_gives_them_back() -> None:
    someone = person("training", "contact")
    someone.restrict(at=NOW)
    someone.restrict(at=NOW)
    assert (someone.purposes, someone.party().email) == ((), None)
    someone.lift_restriction()
    assert someone.purposes == ("training", "contact")
    restricted, lifted = said(someone, ConsentChanged)
    assert (restricted.purposes, restricted.withdrawn) == ((), ("training", "contact"))
    assert (lifted.purposes, lifted.withdrawn) == (("training", "contact"), ())


def test_an_erased_person_keeps_what_counts_need_and_nothing_else() -> None:
    someone = person("training", "contact", phone="+628123456789")
    someone.erase(TODAY, by=STAFF.id, at=NOW)
    assert [getattr(someone, field) for field in ("name", "name_key", "email", "phone")] == [None] * 4
    assert (someone.sex, someone.role, someone.state, someone.purposes) == ("female", "worker", "erased", ())
    assert [event.person_id for event in said(someone, PersonErased)] == [someone.id]
    assert someone.forgotten().key == someone.id
    assert "Ratna" not in str(someone.to_mongo())
    with pytest.raises(NotAllowedNow):
        someone.erase(TODAY, by=STAFF.id, at=NOW)
    for refused in (
        lambda: give(someone, "contact"),
        lambda: someone.restrict(at=NOW),
        lambda: someone.correct({"name": "Ratna"}),
    ):
        with pytest.raises(Conflict) as conflict:
            refused()
        assert [fault.code for fault in conflict.value.errors] == ["person-erased"]


# counts need them, or they say that there was a person and who answered for it
KEPT = {
    "id", "enterprise_id", "provider_id", "sex", "role", "language", "state", "consents", "restricted_at", "erased_at",
    "created_at", "updated_at", "version", "sequence",
}  # fmt: skip


def test_erasing_empties_every_field_that_is_not_kept_on_purpose() -> None:
    someone = person("training")
    for name, field in Participant._fields.items():
        if isinstance(field, me.StringField) and name != "state":
            setattr(someone, name, someone[name] or "Ratna")
    someone.erase(TODAY, by=STAFF.id, at=NOW)
    left = {name for name in Participant._fields if someone[name]} - KEPT
    assert left == set(), "`Participant.erase` forgets them, or they stand in KEPT"


@pytest.mark.parametrize(("until", "held"), [(TODAY, True), (TODAY - timedelta(days=1), False), (None, False)])
def test_a_hold_of_the_law_keeps_a_person_until_its_last_day(until: date | None, held: bool) -> None:
    someone = person("training")
    if until:
        someone.hold("tax_records", until)
    if not held:
        someone.erase(TODAY, by=STAFF.id, at=NOW)
        return
    with pytest.raises(Conflict) as conflict:
        someone.erase(TODAY, by=STAFF.id, at=NOW)
    assert conflict.value.members == {"reason": "tax_records", "until": TODAY}
    assert someone.name == "Ratna Dewi"
    someone.release()
    someone.erase(TODAY, by=STAFF.id, at=NOW)


@pytest.mark.parametrize("spelled", ["ratna  dewi", "RATNA DEWI", " Ratna-Dewi.", "Ratná Dewi"])
def test_spellings_of_one_name_are_one(spelled: str) -> None:
    assert name_key(spelled) == name_key("Ratna Dewi")
    assert name_key("Ratna Dewa") != name_key(spelled)


def test_every_text_is_there_for_every_purpose_in_both_languages() -> None:
    assert consent.CURRENT_TEXT in consent.TEXTS
    for words in consent.TEXTS.values():
        assert words.keys() == set(consent.PURPOSES)
        assert all(text["id"] and text["en"] for text in words.values())


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_request_has_its_deadline(kind: str) -> None:
    received = clock.now()
    hours = getattr(enrollment_settings(), f"privacy_{kind}_hours")
    assert enrollment_settings().hours_to_answer(kind) == hours
    request = PrivacyRequest(kind=kind, received_at=received, due_at=received + timedelta(hours=hours))
    assert request.due_at - received == timedelta(days=3)
    assert not request.is_late(request.due_at)
    assert request.is_late(request.due_at + timedelta(seconds=1))
    request.complete(by=STAFF.id, at=clock.now())
    assert not request.is_late(request.due_at + timedelta(days=9))
    with pytest.raises(NotAllowedNow):
        request.refuse("identity_unclear", by=STAFF.id, at=clock.now())
