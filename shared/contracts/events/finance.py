"""What finance says: sponsors and their money, invoices, payments, costs and the closing of the books.

Money is whole rupiah. `counts_as_recovery` is false for money of the programme's own donors. Sponsors' contacts travel
on `score.contacts.finance` only.
"""

from __future__ import annotations

from datetime import date
from typing import Final, Literal, TypeAlias
from uuid import UUID

from shared.contracts.erasure import AboutErasure, AboutErasureDone
from shared.contracts.event import Event, Owner
from shared.contracts.values import Funder, Module, Money, PayerKind, Period
from shared.contracts.wire.shape import Code, Integer

finance: Final = Owner("finance")

SponsorKind: TypeAlias = Literal[
    "ministry", "local_government", "multinational", "company", "association", "provider", "ngo", "other"
]


@finance.event(key="sponsor_id")
class SponsorRegistered(Event):
    """Somebody who pays for others' training was entered in the register."""

    sponsor_id: UUID
    kind: SponsorKind
    counts_as_recovery: bool


@finance.event(key="sponsorship_id")
class SponsorshipCommitted(Event):
    """A sponsor committed money, perhaps for a province, sector, module or provider only."""

    sponsorship_id: UUID
    sponsor_id: UUID
    amount: Money
    valid_from: date
    valid_to: date
    province: Code | None = None
    sector: Code | None = None
    module: Module | None = None
    provider_id: UUID | None = None


class AboutAllocation(Event):
    """Money of a sponsorship for one enterprise and module."""

    sponsorship_id: UUID
    allocation_id: UUID
    sponsor_id: UUID
    enterprise_id: UUID
    module: Module
    amount: Money


@finance.event(key="sponsorship_id")
class FundingAllocated(AboutAllocation):
    """Part of a sponsorship was set aside for one enterprise and module."""

    allocated_on: date


@finance.event(key="sponsorship_id")
class AllocationReleased(AboutAllocation):
    """Money that was set aside went back to its sponsorship."""

    released_on: date
    reason: Code


@finance.event(key="split_id")
class FundingGapDetected(Event):
    """The payers of a module did not add up to its price."""

    split_id: UUID
    enterprise_id: UUID
    module: Module
    provider_id: UUID
    missing: Money


@finance.event(key="invoice_id")
class InvoiceIssued(Event):
    """An invoice got its number and went to its payer."""

    invoice_id: UUID
    number: Code
    payer_id: UUID
    payer_kind: PayerKind
    enterprise_id: UUID
    module: Module
    training_id: UUID | None = None
    tranche: Code
    round: Integer
    provider_id: UUID
    net: Money
    tax: Money
    total: Money
    issued_on: date
    due_on: date
    counts_as_recovery: bool


@finance.event(key="invoice_id")
class InvoiceCredited(Event):
    """An invoice was credited, in part or in full; the amounts are the credit note's."""

    invoice_id: UUID
    number: Code
    credit_note_number: Code
    payer_id: UUID
    payer_kind: PayerKind
    enterprise_id: UUID
    module: Module
    tranche: Code
    round: Integer
    provider_id: UUID
    net: Money
    tax: Money
    total: Money
    fully_credited: bool
    credited_on: date
    reason: Code
    counts_as_recovery: bool


@finance.event(key="invoice_id")
class InvoiceOverdue(Event):
    """An invoice was not paid when a reminder fell due."""

    invoice_id: UUID
    number: Code
    payer_id: UUID
    payer_kind: PayerKind
    enterprise_id: UUID
    module: Module
    provider_id: UUID
    outstanding: Money
    due_on: date
    days_overdue: Integer


class AboutPayment(Event):
    """Money that came in for an invoice; withheld income tax settles it as cash does."""

    payment_id: UUID
    invoice_id: UUID
    number: Code
    payer_id: UUID
    payer_kind: PayerKind
    enterprise_id: UUID
    module: Module
    provider_id: UUID
    amount: Money
    withheld: Money
    received_on: date
    counts_as_recovery: bool


@finance.event(key="payment_id")
class PaymentReceived(AboutPayment):
    """A payment came in; withheld income tax settles the invoice as cash does."""

    settles: bool


@finance.event(key="payment_id")
class PaymentReversed(AboutPayment):
    """A payment was taken back: a bounced transfer, a wrong invoice."""

    reversed_on: date
    reason: Code


class AboutCost(Event):
    """A direct cost of delivery."""

    cost_id: UUID
    category: Code
    amount: Money
    in_kind: bool
    funded_by: Funder
    provider_id: UUID | None = None
    enterprise_id: UUID | None = None
    module: Module | None = None
    training_id: UUID | None = None
    visit_id: UUID | None = None
    incurred_on: date
    period: Period


@finance.event(key="cost_id")
class CostRecorded(AboutCost):
    """A direct cost of delivery was booked."""


@finance.event(key="cost_id")
class CostReversed(AboutCost):
    """A booked cost was reversed in full, in the period given here."""

    reason: Code


@finance.event(key="period_id")
class PeriodClosed(Event):
    """The books of a month were closed to people."""

    period_id: UUID
    period: Period
    closed_on: date


@finance.event(key="person_id")
class PersonErased(AboutErasure):
    """A sponsor's contact was erased; every holder of a copy erases too."""


@finance.event(key="erasure_id")
class ErasureDone(AboutErasureDone):
    """Finance erased its copy of a person whom another service owns."""
