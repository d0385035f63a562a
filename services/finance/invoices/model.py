"""An invoice: one per payer, enterprise, module, tranche and round, so that no event can ever bill twice.

Drafted by a handler; without a price it waits on the work list. Issuing gives it the next number of its series; from then
on what it says never changes: payments settle it, a credit note takes it back.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import ClassVar, TypedDict
from uuid import UUID

import mongoengine as me

from services.finance.invoices.errors import (
    ABOVE_OUTSTANDING,
    NOT_REVERSED,
    NOTHING_PAID,
    PAYMENTS_STAND,
    REVERSED,
    PaymentsStand,
)
from shared.contracts.events.finance import InvoiceCredited, InvoiceIssued, InvoiceOverdue
from shared.contracts.values import Money, PayerKind
from shared.domain.aggregate import Aggregate
from shared.domain.errors import Invalid
from shared.domain.lifecycle import Lifecycle, allow
from shared.kernel import ids
from shared.kernel.principal import Principal
from shared.storage.indexes import by_time, index
from shared.storage.row_scope import Scope, rows_for

DELIVERY = "delivery"


class Delivery(me.EmbeddedDocument):  # type: ignore[misc]
    """A delivered training that makes the invoice due, with the story it belongs to."""

    training_id = me.UUIDField(required=True, binary=True)
    delivered_on = me.DateField(required=True)
    provider_id = me.UUIDField(required=True, binary=True)
    correlation_id = me.UUIDField(required=True, binary=True)
    cause_id = me.UUIDField(binary=True)
    traceparent = me.StringField(required=True)


class InvoiceSubject(TypedDict):
    """What every event of an invoice and of its payments says."""

    invoice_id: UUID
    number: str
    payer_id: UUID
    payer_kind: PayerKind
    enterprise_id: UUID
    module: str
    provider_id: UUID


class InvoiceFacts(InvoiceSubject):
    """What its issue and its credit note say."""

    tranche: str
    round: int
    net: Money
    tax: Money
    total: Money
    counts_as_recovery: bool


class Invoice(Aggregate):
    meta: ClassVar[dict[str, object]] = {"collection": "invoices"}
    INDEXES = (
        *by_time("provider_id", "payer_id"),
        index("state"),
        index("training_id"),
        index("number", unique=True, sparse=True),
    )
    LIFECYCLE = Lifecycle(
        "waiting_for_price",
        {
            "price": allow("waiting_for_price", to="draft"),
            "issue": allow("draft", to="issued"),
            "cancel": allow("waiting_for_price", "draft", to="cancelled"),
            "rest": allow("waiting_for_price", "draft", "cancelled", to="waiting_for_price"),
            "settle": allow("issued", to="paid"),
            "reopen": allow("paid", to="issued"),
            "credit": allow("issued", to="credited"),
        },
    )

    payer_id = me.UUIDField(required=True, binary=True)
    payer_kind = me.StringField(required=True)
    enterprise_id = me.UUIDField(required=True, binary=True)
    module = me.StringField(required=True)
    training_id = me.UUIDField(required=True, binary=True)
    delivered_on = me.DateField(required=True)
    tranche = me.StringField(required=True)
    round = me.IntField(required=True, default=1)
    provider_id = me.UUIDField(required=True, binary=True)
    deliveries = me.EmbeddedDocumentListField(Delivery)
    net = me.LongField()
    tax = me.LongField()
    number = me.StringField()
    issued_on = me.DateField()
    due_on = me.DateField()
    paid = me.LongField(required=True, default=0)
    reminded_days = me.IntField(required=True, default=0)
    credit_note_number = me.StringField()
    credited_on = me.DateField()
    credit_reason = me.StringField()
    needs_credit = me.BooleanField(required=True, default=False)
    correlation_id = me.UUIDField(binary=True)
    cause_id = me.UUIDField(binary=True)
    traceparent = me.StringField()
    state = me.StringField(required=True, default="waiting_for_price")

    @classmethod
    def row_scope(cls, principal: Principal) -> Scope | None:
        if principal.role == "finance" and not principal.institution:
            return {}  # the programme's own finance
        return rows_for(principal, provider="provider_id", finance="provider_id", enterprise="payer_id")

    @classmethod
    def id_for(cls, payer_id: UUID, enterprise_id: UUID, module: str, tranche: str, number: int) -> UUID:
        return ids.derived("invoice", payer_id, enterprise_id, module, tranche, number)

    @property
    def total(self) -> int | None:
        return None if self.net is None else self.net + self.tax

    @property
    def outstanding(self) -> int | None:
        """Return what is still to be paid, in whole rupiah; None before it is issued."""
        if self.number is None:
            return None
        return 0 if self.state == "credited" else self.total - self.paid

    def is_overdue(self, today: date) -> bool:
        return bool(self.state == "issued" and self.due_on < today)

    def receive(self, settling: int) -> bool:
        """Settle an amount of it, in whole rupiah; true when nothing is left to be paid."""
        self.LIFECYCLE.after(self.state, "settle")
        if settling < 1:
            raise Invalid(errors=[NOTHING_PAID.at("/amount")])
        if self.outstanding is None or settling > self.outstanding:
            raise Invalid(errors=[ABOVE_OUTSTANDING.at("/amount")])
        self.paid += settling
        return self._settle()

    def give_back(self, settling: int) -> None:
        """Take back an amount that had settled it."""
        self.paid -= settling
        if self.state == "paid":
            self.transition("reopen")

    def _settle(self) -> bool:
        if self.outstanding == 0:
            self.transition("settle")
        return self.outstanding == 0

    def price(self, net: int, tax: int = 0) -> None:
        """Set what is to be paid, in whole rupiah."""
        self.transition("price")
        self.net, self.tax = net, tax

    def rests_on(self, training_id: UUID) -> bool:
        """Return whether this delivery is among those that make it due."""
        return any(delivery.training_id == training_id for delivery in self.deliveries)

    def add(self, delivery: Delivery) -> bool:
        """Add a delivery that makes it due; true when it now rests on another one and wants a price."""
        self.deliveries.append(delivery)
        return self._rest_on_first()

    def remove(self, training_id: UUID) -> bool:
        """Remove a reversed delivery; true when the invoice now rests on another one and wants a price."""
        self.deliveries = [delivery for delivery in self.deliveries if delivery.training_id != training_id]
        return self._rest_on_first()

    def _rest_on_first(self) -> bool:
        """Rest on the first delivery that stands, whatever the order in which they were told; without any, cancel."""
        first = min(self.deliveries, key=lambda delivery: (delivery.delivered_on, delivery.training_id), default=None)
        if self.number:  # from now on it is only ever corrected by a credit note
            self.needs_credit = not self.rests_on(self.training_id)
            return False
        if first is None:
            if self.state != "cancelled":
                self.transition("cancel")
                self.net = self.tax = None
            return False
        if self.state != "cancelled" and self.training_id == first.training_id:
            return False
        self.transition("rest")
        self.net = self.tax = None
        self.training_id, self.delivered_on, self.provider_id = first.training_id, first.delivered_on, first.provider_id
        self.correlation_id, self.cause_id, self.traceparent = first.correlation_id, first.cause_id, first.traceparent
        return True

    def credit(self, number: str, reason: str, *, credited_on: date) -> list[Delivery]:
        """Take it back in full by a credit note; returns the deliveries that stand, which are to be billed anew."""
        self.LIFECYCLE.after(self.state, "credit")
        if self.paid:
            raise PaymentsStand(PAYMENTS_STAND)
        if (reason == "delivery_reversed") != self.needs_credit:
            raise Invalid(errors=[(NOT_REVERSED if reason == "delivery_reversed" else REVERSED).at("/reason")])
        self.transition("credit")
        self.credit_note_number, self.credited_on, self.credit_reason = number, credited_on, reason
        standing, self.deliveries, self.needs_credit = list(self.deliveries), [], False
        self.record(
            InvoiceCredited(
                **self._said(),
                credit_note_number=number,
                fully_credited=True,
                credited_on=credited_on,
                reason=reason,
            )
        )
        return standing

    def tell_overdue(self, days: Sequence[int], today: date) -> bool:
        """Say that it is overdue, once for each of these numbers of days after its due day; after a pause only for the last that
        passed. False when there is nothing new to say."""
        passed = [number for number in days if self.due_on + timedelta(days=number) <= today]
        latest = max(passed, default=0)
        if latest <= self.reminded_days or not self.is_overdue(today):
            return False
        self.reminded_days = latest
        late = (today - self.due_on).days
        left = Money(amount=self.net + self.tax - self.paid)
        self.record(InvoiceOverdue(**self._subject(), outstanding=left, due_on=self.due_on, days_overdue=late))
        return True

    def issue(self, number: str, *, issued_on: date, payment_days: int) -> None:
        self.transition("issue")
        self.number = number
        self.issued_on, self.due_on = issued_on, issued_on + timedelta(days=payment_days)
        self.record(
            InvoiceIssued(**self._said(), training_id=self.training_id, issued_on=self.issued_on, due_on=self.due_on)
        )
        self._settle()  # one of nothing is paid as it is issued

    def _subject(self) -> InvoiceSubject:
        return {
            "invoice_id": self.id,
            "number": self.number,
            "payer_id": self.payer_id,
            "payer_kind": self.payer_kind,
            "enterprise_id": self.enterprise_id,
            "module": self.module,
            "provider_id": self.provider_id,
        }

    def _said(self) -> InvoiceFacts:
        return {
            **self._subject(),
            "tranche": self.tranche,
            "round": self.round,
            "net": Money(amount=self.net),
            "tax": Money(amount=self.tax),
            "total": Money(amount=self.net + self.tax),
            "counts_as_recovery": True,
        }
