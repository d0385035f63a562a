"""The way to enrolment takes every step; a withdrawal says at which stage."""

from __future__ import annotations

from datetime import timedelta

import pytest

from services.enrollment.participation import commands as participation_commands
from services.enrollment.participation.commitment_letter import CommitmentLetter
from services.enrollment.settings import enrollment_settings
from shared.access.errors import TooManyRequests
from shared.contracts.events.enrollment import EnterpriseEnrolled, EnterpriseScreened, EnterpriseWithdrawn
from shared.domain.errors import Invalid
from shared.kernel import clock
from shared.kernel.context import acting_as, unscoped
from shared.kernel.principal import SYSTEM, Principal
from shared.storage.transaction import transactional
from tests.support import factories
from tests.support.factories import ALPHA, LETTER, days_ago
from tests.support.fixture_types import Client
from tests.support.records import events_said as said
from tests.support.tokens import Tokens


def test_the_way_to_enrolment_takes_every_step(client: Client, tokens: Tokens, staff: Principal) -> None:
    caller, headers = client("enrollment"), tokens.headers("provider", institution=ALPHA)
    path = f"/v1/enterprises/{factories.enterprise(ALPHA).id}"
    commitment = {"signed_on": days_ago(1)[0].isoformat(), "plan": ["M1", "M3"], "enterprise_share_percent": 40}
    early = caller.post(f"{path}/enrolment", json={}, headers={**headers, "Accept-Language": "en"})
    assert (early.status_code, early.json["missing"]) == (409, ["screen_enterprise", "commit_enterprise"])
    assert early.json["detail"] == "This comes first: screening, then the signed commitment."
    screened = caller.post(f"{path}/screening", json={"screened_on": days_ago(2)[0].isoformat()}, headers=headers)
    assert (screened.json["state"], screened.json["screening"]["result"]) == ("eligible", "eligible")
    without = caller.post(f"{path}/commitment", json=commitment, headers=headers)
    assert [fault["code"] for fault in without.json["errors"]] == ["letter-missing"]
    kind = "application/octet-stream"
    refused = caller.post(f"{path}/letters", data=b"MZ program", content_type=kind, headers=headers)
    assert [fault["code"] for fault in refused.json["errors"]] == ["letter-form"]
    letter = caller.post(f"{path}/letters", data=LETTER, content_type=kind, headers=headers)
    assert (letter.status_code, letter.json["media_type"], letter.json["size"]) == (201, "application/pdf", len(LETTER))
    assert (
        caller.post(f"{path}/letters", data=LETTER, content_type=kind, headers=headers).json["id"] == letter.json["id"]
    )
    assert caller.get(f"{path}/commitment/letter", headers=headers).status_code == 404, "nothing refers to it yet"
    committed = caller.post(f"{path}/commitment", json={**commitment, "letter_id": letter.json["id"]}, headers=headers)
    assert committed.status_code == 200, committed.text
    read = caller.get(f"{path}/commitment/letter", headers=headers)
    assert (read.data, read.mimetype) == (LETTER, "application/pdf")
    assert (read.headers["Content-Disposition"], read.headers["X-Content-Type-Options"]) == ("attachment", "nosniff")
    enrolled = caller.post(f"{path}/enrolment", json={}, headers=headers)
    assert enrolled.json["state"] == "enrolled"
    (event,) = said(EnterpriseEnrolled)
    assert [planned.module for planned in event.plan] == ["M1", "M3"]
    assert event.enterprise_share_percent == 40


def test_outside_the_programmes_size_an_override_is_needed(client: Client, tokens: Tokens, staff: Principal) -> None:
    caller = client("enrollment")
    small = factories.enterprise(ALPHA, headcount={"women": 5, "men": 4})
    screened = participation_commands.screen_enterprise(small.id, screened_on=days_ago(1)[0], reasons=["unsafe_site"])
    assert (screened.state, screened.screening.reasons) == ("ineligible", ["unsafe_site", "too_small"])
    url, asked = f"/v1/enterprises/{small.id}/screening/override", {"reason": "cluster_member"}
    own = caller.post(url, json=asked, headers=tokens.headers("provider", institution=ALPHA))
    assert own.status_code == 403, "who gains by it does not decide it"
    answer = caller.post(url, json=asked, headers=tokens.headers("programme"))
    assert (answer.json["state"], answer.json["screening"]["result"]) == ("eligible", "override")
    told = [(event.eligible, event.reasons) for event in said(EnterpriseScreened)]
    assert told == [(False, ("unsafe_site", "too_small")), (True, ())], "what spoke against it concerns nobody else"


def test_a_letter_of_another_enterprise_is_unknown_and_a_loose_one_is_swept(staff: Principal) -> None:
    first, second = factories.walked(ALPHA, "eligible"), factories.walked(ALPHA, "committed")
    with pytest.raises(Invalid, match=r"invalid|letter"):
        participation_commands.commit_enterprise(
            first.id, signed_on=days_ago(1)[0], plan=["M1"], letter_id=second.commitment.letter_id
        )
    loose = participation_commands.upload_commitment_letter(first.id, content=LETTER + b"loose")
    with acting_as(SYSTEM):
        assert participation_commands.sweep_letters() == 0
        _age(loose)
        assert participation_commands.sweep_letters() == 1
    with unscoped("no caller sees a letter"):
        assert [letter.id for letter in CommitmentLetter.objects] == [second.commitment.letter_id]


def test_an_institution_stores_so_many_letters_that_nothing_refers_to(
    staff: Principal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCORE_LOOSE_LETTERS", "2")
    enrollment_settings.cache_clear()
    enterprise = factories.walked(ALPHA, "eligible")
    upload = participation_commands.upload_commitment_letter
    with acting_as(factories.provider(ALPHA)):
        first, _ = (upload(enterprise.id, content=LETTER + bytes([number])) for number in range(2))
        for _ in range(2):
            with pytest.raises(TooManyRequests):
                upload(enterprise.id, content=LETTER + b"third")
        upload(enterprise.id, content=LETTER + b"\0")  # it is there already
    upload(enterprise.id, content=LETTER + b"programme")  # somebody else's
    with acting_as(factories.provider(ALPHA)):
        participation_commands.commit_enterprise(
            enterprise.id, signed_on=days_ago(1)[0], plan=["M1"], letter_id=first.id
        )
        upload(enterprise.id, content=LETTER + b"third")
    monkeypatch.undo()
    enrollment_settings.cache_clear()


@transactional
def _age(letter: CommitmentLetter) -> None:
    letter.loose_since = clock.now() - timedelta(days=2)
    letter.save()


def test_a_withdrawal_says_at_which_stage(staff: Principal) -> None:
    early, late = factories.walked(ALPHA, "enrolled"), factories.walked(ALPHA, "enrolled")
    factories.delivered(ALPHA, late.id)
    participation_commands.withdraw_enterprise(early.id, reason="cost")
    participation_commands.withdraw_enterprise(late.id, reason="closed")
    stages = {event.enterprise_id: (event.stage, event.reason) for event in said(EnterpriseWithdrawn)}
    assert stages == {early.id: ("before_classroom", "cost"), late.id: ("after_classroom", "closed")}
