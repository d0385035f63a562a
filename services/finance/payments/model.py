"""A payment of an invoice: what came in and what tax the payer withheld; taken back as a whole when it was none."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar
from uuid import UUID

import mongoengine as me

from services.finance.invoices.model import Invoice, InvoiceSubject
from shared.contracts.events.finance import PaymentReceived, PaymentReversed
from shared.contracts.values import Money
from shared.domain.aggregate import Aggregate
from shared.domain.lifecycle import Lifecycle, allow
from shared.kernel.principal import Principal
from shared.storage.indexes import by_time, index
from shared.storage.row_scope import Scope


class PaymentFacts(InvoiceSubject):
    """What both events of a payment say."""

    payment_id: UUID
    amount: Money
    withheld: Money
    received_on: date
    counts_as_recovery: bool


class Payment(Aggregate):
    """Amounts are whole rupiah. Withheld income tax (PPh 23) settles the invoice as cash does: the payer owes it to the tax
    office, and its slip (bukti potong) proves it."""

    meta: ClassVar[dict[str, object]] = {"collection": "payments"}
    INDEXES = (*by_time("provider_id", "payer_id"), index("invoice_id"))
    LIFECYCLE = Lifecycle("received", {"reverse": allow("received", to="reversed")})

    invoice_id = me.UUIDField(required=True, binary=True)
    invoice_number = me.StringField(required=True)
    payer_id = me.UUIDField(required=True, binary=True)
    payer_kind = me.StringField(required=True)
    enterprise_id = me.UUIDField(required=True, binary=True)
    module = me.StringField(required=True)
    provider_id = me.UUIDField(required=True, binary=True)
    amount = me.LongField(required=True)
    withheld = me.LongField(required=True)
    withholding_slip = me.StringField()
    received_on = me.DateField(required=True)
    method = me.StringField(required=True)
    reference = me.StringField()
    recorded_by = me.UUIDField(required=True, binary=True)
    reversed_on = me.DateField()
    reversal_reason = me.StringField()
    state = me.StringField(required=True, default="received")

    @classmethod
    def row_scope(cls, principal: Principal) -> Scope | None:
        return Invoice.row_scope(principal)

    @classmethod
    def of(cls, invoice: Invoice, **values: Any) -> Payment:
        """Receive money for an invoice, which it settles."""
        made = cls(
            invoice_id=invoice.id,
            invoice_number=invoice.number,
            payer_id=invoice.payer_id,
            payer_kind=invoice.payer_kind,
            enterprise_id=invoice.enterprise_id,
            module=invoice.module,
            provider_id=invoice.provider_id,
            **values,
        )
        made._settle(invoice)
        return made

    def _settle(self, invoice: Invoice) -> None:
        settles = invoice.receive(self.settling)
        self.record(PaymentReceived(**self._about(), settles=settles))

    @property
    def settling(self) -> int:
        return int(self.amount + self.withheld)

    def reverse(self, invoice: Invoice, reason: str, *, reversed_on: date) -> None:
        """Take it back as a whole: the invoice is open again by what it had settled."""
        self.transition("reverse")
        self.reversed_on, self.reversal_reason = reversed_on, reason
        invoice.give_back(self.settling)
        self.record(PaymentReversed(**self._about(), reversed_on=reversed_on, reason=reason))

    def _about(self) -> PaymentFacts:
        return {
            "payment_id": self.id,
            "invoice_id": self.invoice_id,
            "number": self.invoice_number,
            "payer_id": self.payer_id,
            "payer_kind": self.payer_kind,
            "enterprise_id": self.enterprise_id,
            "module": self.module,
            "provider_id": self.provider_id,
            "amount": Money(amount=self.amount),
            "withheld": Money(amount=self.withheld),
            "received_on": self.received_on,
            "counts_as_recovery": True,
        }
