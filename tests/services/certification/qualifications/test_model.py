"""A qualification's rules: one certificate at a time, days that pass, and a status that anyone may know."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.certification.certificates.model import Certificate
from services.certification.qualifications.model import Qualification
from services.certification.qualifications.rules import require_foundation
from shared.contracts.events import certification
from shared.domain.errors import Conflict, NotAllowedNow
from shared.kernel import ids

TRAINER, INSTITUTION = UUID(int=1), UUID(int=2)

FIRST, LAST, TODAY = date(2025, 1, 1), date(2027, 12, 31), date(2026, 11, 24)


def paper(number: str = "SCORE-M1-2025-0A1B2C3D", **changes: Any) -> Certificate:
    described: dict[str, Any] = {
        "number": number,
        "valid_from": FIRST,
        "valid_to": LAST,
        "historic": True,
        "document_reference": "Signed in Semarang",
    }
    return Certificate(**{**described, **changes})


def certified(**changes: Any) -> Qualification:
    qualification = Qualification(
        id=ids.derived("qualification", TRAINER, "M1"),
        trainer_id=TRAINER,
        module="M1",
        institution_id=INSTITUTION,
        sex="female",
    )
    qualification.certify(paper(**changes))
    return qualification


def events(qualification: Qualification) -> list[str]:
    return [type(event).__name__ for event in qualification._events]


def test_a_certificate_says_who_may_teach_what_and_when() -> None:
    qualification = certified()
    assert qualification._events == [
        certification.TrainerCertified(
            qualification_id=qualification.id,
            trainer_id=TRAINER,
            module="M1",
            certificate_number="SCORE-M1-2025-0A1B2C3D",
            institution_id=INSTITUTION,
            sex="female",
            valid_from=FIRST,
            valid_to=LAST,
            historic=True,
        )
    ]
    assert qualification.entitles(TODAY)


@pytest.mark.parametrize("verb", ["nothing", "suspend"])
def test_a_second_certificate_waits_for_the_end_of_the_first(verb: str) -> None:
    qualification = certified()
    if verb == "suspend":
        qualification.suspend("quality", TODAY)
    said = events(qualification)
    with pytest.raises(Conflict):
        qualification.certify(paper("OTHER-1"))
    assert events(qualification) == said
    assert [one.number for one in qualification.certificates] == ["SCORE-M1-2025-0A1B2C3D"]


@pytest.mark.parametrize("verb", ["revoke", "expire"])
def test_after_the_end_a_new_certificate_counts_and_the_old_one_stays_known(verb: str) -> None:
    qualification = certified(valid_to=date(2026, 1, 1)) if verb == "expire" else certified()
    if verb == "expire":
        qualification.expire()
    else:
        qualification.revoke("misconduct", TODAY)
    qualification.certify(paper("OTHER-1", valid_from=TODAY, valid_to=date(2029, 1, 1)))
    old, new = qualification.certificates
    assert (old.status(TODAY), new.status(TODAY)) == ("revoked" if verb == "revoke" else "expired", "valid")
    assert (qualification.valid_to, qualification.state) == (date(2029, 1, 1), "certified")
    assert qualification._events[-1].certificate_number == "OTHER-1"


@pytest.mark.parametrize(
    ("verb", "event", "status"),
    [
        ("suspend", certification.CertificateSuspended, "suspended"),
        ("revoke", certification.CertificateRevoked, "revoked"),
    ],
)
def test_taking_away_is_said_and_seen_at_once(verb: str, event: Any, status: str) -> None:
    qualification = certified()
    getattr(qualification, verb)("quality", TODAY)
    said = qualification._events[-1]
    assert isinstance(said, event)
    assert (said.effective_on, said.reason, said.valid_to) == (TODAY, "quality", LAST)
    assert qualification.certificate.status(TODAY) == status
    assert not qualification.entitles(TODAY)


@pytest.mark.parametrize(
    ("standing", "before", "after"),
    [("certified", "valid", "expired"), ("suspended", "suspended", "expired"), ("revoked", "revoked", "revoked")],
)
def test_days_pass_without_anybody_saying_so(standing: str, before: str, after: str) -> None:
    certificate = paper(standing=standing)
    assert certificate.status(LAST) == before, "the last day still counts"
    assert certificate.status(LAST + timedelta(days=1)) == after


def test_the_last_day_still_entitles() -> None:
    qualification = certified()
    assert qualification.entitles(LAST)
    assert not qualification.lapsed(LAST)
    assert qualification.lapsed(LAST + timedelta(days=1))
    assert not qualification.entitles(LAST + timedelta(days=1))


def test_expiry_is_said_once() -> None:
    qualification = certified()
    qualification.expire()
    with pytest.raises(NotAllowedNow):
        qualification.expire()
    assert events(qualification) == ["TrainerCertified", "CertificateExpired"]


ALLOWED = {"applied": set(), "certified": {"suspend", "revoke", "expire"}, "suspended": {"revoke", "expire"}}


@pytest.mark.parametrize("state", ["certified", "suspended", "revoked", "expired"])
@pytest.mark.parametrize("verb", ["suspend", "revoke", "expire"])
def test_every_other_step_is_refused(state: str, verb: str) -> None:
    qualification = certified()
    qualification.state = state
    arguments = () if verb == "expire" else ("quality", TODAY)
    if verb in ALLOWED.get(state, set()):
        getattr(qualification, verb)(*arguments)
        return
    with pytest.raises(NotAllowedNow):
        getattr(qualification, verb)(*arguments)
    assert (qualification.state, events(qualification)) == (state, ["TrainerCertified"])


def test_other_modules_need_a_valid_foundation() -> None:
    require_foundation(certified(), TODAY)
    suspended = certified()
    suspended.suspend("quality", TODAY)
    for missing in (None, suspended, certified(valid_to=TODAY - timedelta(days=1))):
        with pytest.raises(NotAllowedNow, match="M1"):
            require_foundation(missing, TODAY)
