"""A registration that resembles another is answered with what the caller may see."""

from __future__ import annotations

import pytest

from services.enrollment.enterprises import commands as enterprises_commands
from services.enrollment.enterprises.errors import PossibleDuplicate
from services.enrollment.enterprises.model import Enterprise
from shared.kernel.context import acting_as
from shared.kernel.principal import Principal
from tests.support import factories
from tests.support.enterprise_bodies import NIB, body
from tests.support.factories import ALPHA, BETA
from tests.support.fingerprint import fingerprint
from tests.support.fixture_types import Client
from tests.support.tokens import Tokens


def test_a_duplicate_is_answered_with_what_the_caller_may_see(client: Client, tokens: Tokens, staff: Principal) -> None:
    caller, headers = client("enrollment"), tokens.headers("provider", institution=ALPHA)
    own = factories.enterprise(ALPHA, name="Kayu Contoh Murni", place="Kab. Kudus")
    factories.enterprise(BETA, name="CV Kayu Contoh Murni", place="Kudus")
    asked = body(name="Kayu Tjontoh Moerni")
    before = fingerprint()
    answer = caller.post("/v1/enterprises", json=asked, headers=headers)
    assert answer.status_code == 409, answer.text
    assert answer.json["type"] == "/problems/possible-duplicate"
    assert [(one["id"], one["reasons"]) for one in answer.json["candidates"]] == [(str(own.id), ["name"])]
    assert answer.json["others"] == 1
    after = fingerprint()
    assert {name for name, state in after.items() if state != before[name]} == {"comparisons"}, "that it was told"
    confirmed = caller.post("/v1/enterprises", json={**asked, "confirm_distinct": "same_owner"}, headers=headers)
    assert confirmed.status_code == 201, confirmed.text
    assert Enterprise.get(confirmed.json["id"]).distinct_reason == "same_owner"


def test_a_nib_belongs_to_one_enterprise_whatever_is_confirmed(staff: Principal) -> None:
    factories.enterprise(BETA, nib=NIB)
    with acting_as(factories.provider(ALPHA)), pytest.raises(PossibleDuplicate) as refused:
        factories.enterprise(ALPHA, name="Sama Sekali Lain", nib=NIB, confirm_distinct="other")
    assert refused.value.members == {"candidates": [], "others": 1}
    other = factories.enterprise(ALPHA, name="Tenun Rahma")
    with pytest.raises(PossibleDuplicate):
        enterprises_commands.correct_enterprise(other.id, nib=NIB)
