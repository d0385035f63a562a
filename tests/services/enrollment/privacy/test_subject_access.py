"""A person's record can be read in either language; each code is told in the words of its own field."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from marshmallow import Schema

from services.enrollment.people import consent, schemas
from services.enrollment.people.model import Participant
from services.enrollment.people.privacy_request import PrivacyRequest
from services.enrollment.privacy import schemas as privacy_schemas
from services.enrollment.privacy.subject_access import readable
from shared.i18n.labels import label_of
from shared.i18n.language import gettext, speaking
from shared.tabular.columns import labels_of
from shared.web.fields import Choice
from tests.support.catalogues import catalogues_of
from tests.support.participants import (
    person,
    staff,  # noqa: F401 - for every test here
)

NOW = datetime(2026, 11, 28, tzinfo=UTC)


@pytest.fixture(autouse=True)
def in_enrollments_words() -> Iterator[None]:
    with catalogues_of("enrollment").in_use():
        yield


def told(someone: Participant, language: str, **more: Any) -> str:
    record = {"participant": someone, "enterprise": "Kayu Contoh", "consents": [], "requests": [], "readers": []}
    return readable(record | more, language)


def request(**given: Any) -> PrivacyRequest:
    known = {"kind": "access", "channel": "letter", "state": "open", "received_at": NOW, "due_at": NOW}
    return PrivacyRequest(**known | given)


@pytest.mark.parametrize(
    ("language", "words"), [("id", ["Jenis kelamin: Perempuan", "Nama: Ratna"]), ("en", ["Sex: Woman", "Name: Ratna"])]
)
def test_the_record_can_be_read_in_either_language(language: str, words: list[str]) -> None:
    someone = person("training")
    text = told(someone, language, consents=someone.consents)
    assert all(
        word in text for word in [*words, "Kayu Contoh", consent.TEXTS[consent.CURRENT_TEXT]["training"][language]]
    )


def test_a_code_that_several_fields_know_is_told_in_the_words_of_its_field() -> None:
    someone = person("training")
    someone.hold_reason, someone.hold_until = "other", date(2027, 1, 31)
    text = told(someone, "en", requests=[request(channel="other")])
    assert "Reason of the hold: Another legal duty\nHeld until: 2027-01-31" in text
    assert "Channel: Another way" in text
    text = told(someone, "id", requests=[request(channel="other")])
    assert "Alasan wajib simpan: Kewajiban hukum lain" in text
    assert "Saluran: Cara lain" in text


def test_a_name_is_never_taken_for_a_code_or_a_word() -> None:
    someone = person("training")
    for name in ("other", "none", "Worker"):
        someone.name = name
        assert f"Nama: {name}\n" in told(someone, "id")


def test_what_is_not_known_is_said_and_what_is_restricted_since_when() -> None:
    someone = person("training")
    someone.email = None
    assert "E-mail: none\n" in told(someone, "en")
    assert "Processing restricted: no\n" in told(someone, "en")
    someone.restricted_at = NOW
    assert "Processing restricted: 2026-11-28T00:00:00.000Z\n" in told(someone, "en")


TAKEN = {
    schemas.ParticipantView: (schemas.RegisterParticipant, {}),
    schemas.ConsentView: (schemas.GiveConsent, {"purposes": "purpose", "text_version": None}),
    privacy_schemas.PrivacyRequestView: (privacy_schemas.RecordPrivacyRequest, {}),
}


def coded() -> Iterator[tuple[type[Schema], str, str]]:
    """Every code that a request can put into a field of a person's record: the view, the field, the code."""
    pairs = [(view, name, names.get(name, name), field) for view, (taken, names) in TAKEN.items()
             for name, field in taken().load_fields.items()]  # fmt: skip
    pairs += [
        (schemas.ParticipantView, "reason", "hold_reason", privacy_schemas.HoldParticipant().load_fields["reason"]),
        (
            privacy_schemas.PrivacyRequestView,
            "reason",
            "reason",
            privacy_schemas.RefusePrivacyRequest().load_fields["reason"],
        ),
    ]
    for view, _, name, field in pairs:
        inner = getattr(field, "inner", field)
        if name and isinstance(inner, Choice):
            yield from ((view, name, code) for check in inner.validators for code in check.choices)
    yield from ((schemas.ParticipantView, "state", code) for code in Participant.LIFECYCLE.states)
    yield from ((privacy_schemas.PrivacyRequestView, "state", code) for code in PrivacyRequest.LIFECYCLE.states)


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize(("view", "name", "code"), list(coded()))
def test_every_code_of_a_record_is_told_with_its_own_label(
    view: type[Schema], name: str, code: str, language: str
) -> None:
    labels = view.CODES[name]
    assert code in labels, f"{name} has no label for {code}"
    someone = person("training")
    more: dict[str, Any] = {}
    if view is schemas.ParticipantView:
        someone = person(code) if name == "purposes" else someone
        if name != "purposes":
            setattr(someone, name, code)
    elif view is schemas.ConsentView:
        entry = someone.consents[0]
        setattr(entry, name, code)
        more["consents"] = [entry]
    else:
        more["requests"] = [request(**{name: [code] if name == "purposes" else code})]
    text = told(someone, language, **more)
    with speaking(language):
        assert f"{gettext(labels_of(view())[name])}: {label_of(code, labels)}" in text
        assert label_of(code, labels) != code
