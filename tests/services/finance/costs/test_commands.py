"""Costs are recorded by whoever bears them, never changed, and taken back as a whole."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from services.finance.costs import commands
from services.finance.costs.model import Cost
from shared.contracts.events.finance import CostRecorded, CostReversed
from shared.domain.errors import Invalid, NotAllowedNow, NotFound
from shared.kernel import ids
from shared.kernel.context import acting_as
from shared.kernel.principal import Principal
from tests.support import factories
from tests.support.factories import ALPHA, BETA, days_ago
from tests.support.fixture_types import Client
from tests.support.records import events_said
from tests.support.tokens import Tokens

SPENT: dict[str, Any] = {"category": "venue", "amount": 750_000, "incurred_on": days_ago(40)[0], "module": "M1"}


def bookkeeper(of: UUID | None) -> Principal:
    return Principal(subject="b", role="finance", issuer="tests", institution=of)


def test_a_cost_is_said_with_its_month_and_taken_back_once(system: Principal) -> None:
    cost = factories.cost(ALPHA)
    (said,) = events_said(CostRecorded)
    assert (said.cost_id, said.amount.amount, said.category, said.provider_id) == (cost.id, 250_000, "venue", ALPHA)
    assert (said.in_kind, said.funded_by, said.period) == (False, "non_ilo", f"{cost.incurred_on:%Y-%m}")
    commands.reverse_cost(cost.id, reason="twice")
    (undone,) = events_said(CostReversed)
    assert (undone.cost_id, undone.amount.amount, undone.reason) == (cost.id, 250_000, "twice")
    with pytest.raises(NotAllowedNow):
        commands.reverse_cost(cost.id, reason="twice")


def test_what_was_taken_back_later_is_of_the_month_in_which_that_was(system: Principal) -> None:
    cost = commands.record_cost(**SPENT)
    commands.reverse_cost(cost.id, reason="other")
    (said,), (undone,) = events_said(CostRecorded), events_said(CostReversed)
    assert (said.period, undone.period) == (f"{SPENT['incurred_on']:%Y-%m}", f"{days_ago(0)[0]:%Y-%m}")


def test_an_institution_records_its_own_costs_alone(system: Principal) -> None:
    with acting_as(bookkeeper(ALPHA)):
        own = commands.record_cost(**SPENT)
        with pytest.raises(Invalid) as refused:
            commands.record_cost(**SPENT | {"provider_id": BETA, "incurred_on": days_ago(-1)[0]})
    assert own.provider_id == ALPHA
    assert {(fault.pointer, fault.code) for fault in refused.value.errors} == {
        ("/incurred_on", "date-in-future"),
        ("/provider_id", "unknown-institution"),
    }
    with acting_as(bookkeeper(None)):
        general = commands.record_cost(**SPENT)
        assert general.provider_id is None
        assert {cost.id for cost in Cost.objects} == {own.id, general.id}
    with acting_as(bookkeeper(BETA)):
        assert list(Cost.objects) == []
        for cost in (own, general):
            with pytest.raises(NotFound):
                commands.reverse_cost(cost.id, reason="twice")
    assert len(events_said(CostRecorded)) == 2
    assert events_said(CostReversed) == []


@pytest.mark.parametrize(("values", "pointer"), [
    ({"amount": {"amount": 0, "currency": "IDR"}}, "/amount/amount"),
    ({"category": "salary"}, "/category"),
    ({"funded_by": "seco"}, "/funded_by"),
    ({"provider_id": str(ids.new())}, "/provider_id"),
])  # fmt: skip
def test_a_wrong_cost_is_refused_with_the_name_of_its_field(
    client: Client, tokens: Tokens, system: Principal, values: dict[str, Any], pointer: str
) -> None:
    body = {
        "category": "venue",
        "amount": {"amount": 1, "currency": "IDR"},
        "incurred_on": SPENT["incurred_on"].isoformat(),
    }
    headers = {**tokens.headers("finance"), "Idempotency-Key": "k"}
    answer = client("finance").post("/v1/costs", json=body | values, headers=headers)
    assert answer.status_code in (409, 422)
    assert pointer in [error["pointer"] for error in answer.json["errors"]]
    assert Cost.objects.count() == 0
