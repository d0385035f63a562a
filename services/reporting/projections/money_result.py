"""The rows that are counted of money: finance's invoices and costs, row by row. Amounts are whole rupiah without tax."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import mongoengine as me

from services.reporting.projections.model import Projection, newer
from shared.contracts.event import Event
from shared.contracts.events.finance import AboutCost, CostRecorded, InvoiceCredited, InvoiceIssued
from shared.kernel.principal import Principal
from shared.storage.indexes import index
from shared.storage.row_scope import Scope


def _money_scope(principal: Principal) -> Scope | None:
    """Return the scope of money: an institution's finance sees that provider's rows, the programme's all."""
    if principal.role in ("programme", "auditor"):
        return {}
    if principal.role != "finance":
        return None
    return {"provider_id": principal.institution} if principal.institution else {}


class CreditNote(me.EmbeddedDocument):  # type: ignore[misc]
    number = me.StringField(required=True)
    net = me.IntField(required=True)


class InvoiceResult(Projection):
    """Income as invoiced. An invoice counts once it is issued; its credit notes, in any order, each once."""

    meta: ClassVar[dict[str, object]] = {"collection": "invoice_results"}
    INDEXES = (index("generation"), index("provider_id"))

    provider_id = me.UUIDField(required=True, binary=True)
    recovers = me.BooleanField(required=True)
    issued_on = me.DateField()
    net = me.IntField()
    credit_notes = me.EmbeddedDocumentListField(CreditNote)

    @classmethod
    def row_scope(cls, principal: Principal) -> Scope | None:
        return _money_scope(principal)

    def apply_event(self, event: Event, sequence: int) -> None:
        del sequence  # an invoice is issued once, and credit notes have numbers of their own
        match event:
            case InvoiceIssued():
                self.issued_on, self.net = event.issued_on, event.net.amount
                self.provider_id, self.recovers = event.provider_id, event.counts_as_recovery
            case InvoiceCredited():
                self.provider_id, self.recovers = event.provider_id, event.counts_as_recovery
                notes = {note.number: note for note in self.credit_notes}
                notes[event.credit_note_number] = CreditNote(number=event.credit_note_number, net=event.net.amount)
                self.credit_notes = [notes[number] for number in sorted(notes)]

    def income(self, since: date) -> int:
        """Return what it adds to cost recovery: money of the programme's own donors adds nothing."""
        if not self.recovers or self.issued_on is None or self.issued_on < since:
            return 0
        return int(self.net - sum(note.net for note in self.credit_notes))


class CostResult(Projection):
    """A direct cost of delivery; `stands` is false once it was reversed."""

    meta: ClassVar[dict[str, object]] = {"collection": "cost_results"}
    INDEXES = (index("generation"), index("provider_id"))

    booked = me.IntField(required=True, default=0)
    provider_id = me.UUIDField(binary=True)
    amount = me.IntField(required=True)
    in_kind = me.BooleanField(required=True)
    funded_by = me.StringField(required=True)
    incurred_on = me.DateField(required=True)
    stands = me.BooleanField(required=True)

    @classmethod
    def row_scope(cls, principal: Principal) -> Scope | None:
        return _money_scope(principal)

    def apply_event(self, event: Event, sequence: int) -> None:
        if isinstance(event, AboutCost) and newer(self.booked, sequence):
            self.booked, self.stands = sequence, isinstance(event, CostRecorded)
            self.amount, self.in_kind, self.funded_by = event.amount.amount, event.in_kind, event.funded_by
            self.provider_id, self.incurred_on = event.provider_id, event.incurred_on

    def spent(self, since: date) -> int:
        """Return what it adds to the cost of delivery, contributions in kind left out."""
        return int(self.amount) if self.stands and not self.in_kind and self.incurred_on >= since else 0
