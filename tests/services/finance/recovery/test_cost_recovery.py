"""The rate comes from the rows, and each reader's from the rows that are theirs."""

from __future__ import annotations

from typing import Any

import pytest

from services.finance.costs import commands as costs
from services.finance.payments import commands as payments
from services.finance.service import SERVICE
from shared.kernel.principal import Principal
from tests.support import factories
from tests.support.factories import ALPHA, BETA, days_ago
from tests.support.fixture_types import Client
from tests.support.tokens import Tokens
from tests.support.visitor import Visitor


@pytest.fixture
def asked(client: Client, tokens: Tokens) -> Any:
    def ask(query: str = "", role: str = "finance", **claims: Any) -> Any:
        return client("finance").get(f"/v1/cost-recovery{query}", headers=tokens.headers(role, **claims))

    return ask


def test_invoices_payments_and_costs_make_the_rate_and_what_was_taken_back_does_not(
    system: Principal, asked: Any
) -> None:
    first = factories.invoice(ALPHA, state="issued")
    factories.invoice(BETA, state="issued")
    factories.invoice(ALPHA, state="draft")
    factories.payment(ALPHA, 400_000, of=first)
    undone = factories.payment(ALPHA, 100_000, of=first)
    payments.reverse_payment(undone.id, reason="bounced")
    factories.cost(ALPHA)
    costs.reverse_cost(factories.cost(BETA).id, reason="twice")
    costs.record_cost(category="venue", amount=500_000, incurred_on=days_ago(3)[0], in_kind=True, module="M1")
    costs.record_cost(category="meals", amount=70_000, incurred_on=days_ago(3)[0], in_kind=True, funded_by="ilo")
    accrual = asked().json
    assert (accrual["income"]["amount"], accrual["cost"]["amount"]) == (2 * first.net, 250_000)
    assert accrual["rate_percent"] == 2 * first.net / 2_500
    assert asked("?variant=cash").json["income"]["amount"] == 420_000  # 20,000 of it withheld as tax of the payee
    in_kind = asked("?variant=incl_in_kind").json
    assert (in_kind["income"]["amount"], in_kind["cost"]["amount"]) == (2 * first.net + 500_000, 820_000)
    by_provider = {part["provider_id"]: part["income"]["amount"] for part in asked("?by=provider").json["items"]}
    assert by_provider == {str(ALPHA): first.net, str(BETA): first.net}
    own = asked(institution=ALPHA).json
    assert (own["income"]["amount"], own["cost"]["amount"]) == (first.net, 250_000)


def test_a_period_narrows_to_its_month_or_year_and_zero_cost_has_no_rate(system: Principal, asked: Any) -> None:
    issued = factories.invoice(ALPHA, state="issued").issued_on
    month = asked(f"?period={issued:%Y-%m}").json
    assert [part["period"] for part in month["items"]] == [f"{issued:%Y-%m}"]
    assert (month["cost"]["amount"], month["rate_percent"]) == (0, None)
    assert asked(f"?period={issued:%Y}").json["income"] == month["income"]
    assert asked("?period=1999").json["items"] == []


def test_a_payment_counts_in_the_month_in_which_it_came_in(system: Principal, asked: Any) -> None:
    came = days_ago(40)[0]
    invoice = factories.invoice(ALPHA, state="issued")
    with factories.story():
        payments.record_payment(invoice.id, amount=300_000, received_on=came, method="cash")
    (part,) = asked("?variant=cash").json["items"]
    assert (part["period"], part["income"]["amount"]) == (f"{came:%Y-%m}", 300_000)


@pytest.mark.parametrize("query", ["?period=2026-13", "?period=last", "?variant=both", "?by=weather", "?year=2026"])
def test_a_question_that_cannot_be_read_is_refused(asked: Any, query: str) -> None:
    assert asked(query).status_code == 400


def test_enterprises_are_not_told(asked: Any) -> None:
    assert asked(role="enterprise", enterprise=ALPHA).status_code == 403


def test_the_page_shows_all_three_variants_and_its_parts(system: Principal, site: Any) -> None:
    invoice = factories.invoice(ALPHA, state="issued")
    factories.cost(ALPHA)
    office = Visitor(site(SERVICE), "finance")
    shown = office.read("/cost-recovery")
    assert "As invoiced, with what was given in kind" in shown
    assert f"{invoice.net / 2_500:,.0f}%" in shown
    assert "M1" in office.read("/cost-recovery?by=module&variant=cash")
    assert "Training provider" in office.read("/cost-recovery?by=provider&period=1999")
