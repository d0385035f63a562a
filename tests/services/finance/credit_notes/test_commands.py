"""An issued invoice that does not stand is credited by somebody who booked no money of it; what stands is billed anew."""

from __future__ import annotations

from uuid import UUID

import pytest

from services.finance.billing.handlers import billing
from services.finance.credit_notes import commands
from services.finance.credit_notes.errors import OwnPayment
from services.finance.invoices import commands as invoices
from services.finance.invoices.errors import PaymentsStand
from services.finance.invoices.model import Invoice
from services.finance.payments import commands as payments
from services.finance.prices import commands as prices
from shared.contracts.events.enrollment import DeliveryReversed, TrainingDelivered
from shared.contracts.events.finance import InvoiceCredited
from shared.domain.errors import Invalid, NotAllowedNow
from shared.kernel.context import acting_as
from shared.kernel.principal import Principal
from tests.support.deliveries import SECOND, START, TRAINING, delivery, only_invoice
from tests.support.factories import ALPHA, days_ago
from tests.support.fixture_types import Client
from tests.support.records import Group, events_said, records_of
from tests.support.tokens import Tokens


@pytest.fixture
def billed(system: Principal) -> UUID:
    """One issued invoice of 1,000 for one delivery."""
    prices.set_price(module="M1", amount=1_000, valid_from=START)
    Group(billing).take(records_of([delivery(TrainingDelivered)]))
    invoices.number_drafts()
    return only_invoice().id


def reverse() -> None:
    Group(billing).take(records_of([delivery(TrainingDelivered), delivery(DeliveryReversed)])[1:])


def rounds() -> list[Invoice]:
    return sorted(Invoice.objects, key=lambda invoice: invoice.round)


def test_an_invoice_of_a_reversed_delivery_is_credited_and_a_delivery_held_again_makes_the_next_round(
    billed: UUID,
) -> None:
    group = Group(billing)
    told = records_of([delivery(TrainingDelivered), delivery(DeliveryReversed), delivery(TrainingDelivered)])
    group.take(told[1:2])
    credited = commands.credit_invoice(billed, reason="delivery_reversed")
    tail = ALPHA.hex[-6:].upper()
    assert credited.state == "credited"
    assert credited.credit_note_number == f"{credited.credited_on.year}/{tail}/CN00001"
    assert (credited.outstanding, credited.needs_credit) == (0, False)
    (event,) = events_said(InvoiceCredited)
    assert (event.total.amount, event.fully_credited, event.reason) == (1_000, True, "delivery_reversed")
    assert [invoice.round for invoice in rounds()] == [1]
    group.take(told[2:])
    assert [(invoice.round, invoice.state) for invoice in rounds()] == [(1, "credited"), (2, "draft")]
    invoices.number_drafts()
    assert rounds()[1].number.endswith("/00002"), "credit notes take no number of the invoices"


def test_what_stands_behind_a_credited_invoice_is_billed_anew_at_todays_price(billed: UUID) -> None:
    Group(billing).take(records_of([delivery(TrainingDelivered, SECOND, days=5)]))
    prices.set_price(module="M1", amount=700, valid_from=START)
    commands.credit_invoice(billed, reason="wrong_price")
    first, second = rounds()
    assert (first.net, first.state) == (1_000, "credited")
    assert (second.net, second.state, second.training_id) == (700, "draft", TRAINING)
    assert [row.training_id for row in second.deliveries] == [TRAINING, SECOND]


@pytest.mark.parametrize(("taken_back", "reason", "code"), [
    (False, "delivery_reversed", "delivery-stands"),
    (True, "wrong_price", "delivery-reversed"),
])  # fmt: skip
def test_a_reason_that_does_not_fit_is_refused(billed: UUID, taken_back: bool, reason: str, code: str) -> None:
    if taken_back:
        reverse()
    with pytest.raises(Invalid) as refused:
        commands.credit_invoice(billed, reason=reason)
    assert [(fault.pointer, fault.code) for fault in refused.value.errors] == [("/reason", code)]
    assert only_invoice().credit_note_number is None


def test_only_what_was_issued_is_credited_and_only_once(billed: UUID) -> None:
    commands.credit_invoice(billed, reason="wrong_price")
    for invoice in rounds():
        with pytest.raises(NotAllowedNow):
            commands.credit_invoice(invoice.id, reason="wrong_price")
    assert len(events_said(InvoiceCredited)) == 1


def test_money_is_given_back_before_its_invoice_is_credited_by_somebody_else(billed: UUID) -> None:
    cashier, other = (Principal(subject=name, role="finance", issuer="tests") for name in ("cashier", "other"))
    with acting_as(cashier):
        paid = payments.record_payment(billed, amount=400, received_on=days_ago(0)[0], method="cash")
    with acting_as(other), pytest.raises(PaymentsStand):
        commands.credit_invoice(billed, reason="wrong_price")
    with acting_as(cashier):
        payments.reverse_payment(paid.id, reason="refunded")
        with pytest.raises(OwnPayment):
            commands.credit_invoice(billed, reason="wrong_price")
    with acting_as(other):
        assert commands.credit_invoice(billed, reason="wrong_price").state == "credited"


def test_the_refusals_have_types_of_their_own(client: Client, tokens: Tokens, system: Principal) -> None:
    caller, headers = client("finance"), tokens.headers("finance")
    prices.set_price(module="M1", amount=1_000, valid_from=START)
    Group(billing).take(records_of([delivery(TrainingDelivered)]))
    invoices.number_drafts()
    path = f"/v1/invoices/{only_invoice().id}"
    money = {"amount": {"amount": 400, "currency": "IDR"}, "received_on": days_ago(0)[0].isoformat(), "method": "cash"}
    paid = caller.post(f"{path}/payments", json=money, headers=headers)
    assert paid.status_code == 201
    reason = {"reason": "wrong_price"}
    own = caller.post(f"{path}/credit-note", json=reason, headers=headers)
    assert (own.status_code, own.json["type"]) == (403, "/problems/own-payment")
    other = caller.post(f"{path}/credit-note", json=reason, headers=tokens.headers("programme"))
    assert (other.status_code, other.json["type"]) == (409, "/problems/payments-stand")


def test_numbers_go_on_whoever_credits(billed: UUID) -> None:
    """A provider's own bookkeeper sees no other's rows, and the number follows the last one all the same."""
    own = Principal(subject="bookkeeper", role="finance", issuer="tests", institution=ALPHA)
    with acting_as(own):
        first = commands.credit_invoice(billed, reason="wrong_price")
    invoices.number_drafts()
    with acting_as(own):
        second = commands.credit_invoice(rounds()[1].id, reason="wrong_price")
    assert [note.credit_note_number[-7:] for note in (first, second)] == ["CN00001", "CN00002"]
