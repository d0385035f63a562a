"""Parts and vocabularies that events of several services share.

Vocabularies that the programme may extend without a release (modules, sectors, reasons, templates) are `Code`s; those
that code branches on are Literals.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, TypeAlias
from uuid import UUID

from shared.contracts.wire.shape import Code, Integer, Value

Module: TypeAlias = Code
"""A module of the catalogue, such as M1."""

Period: TypeAlias = Code
"""A month of the books, such as 2026-11."""

LocalTime: TypeAlias = Code
"""An hour and minute of a place's own day, such as 08:30."""

Sex: TypeAlias = Literal["female", "male"]
Role: TypeAlias = Literal["manager", "worker"]
Language: TypeAlias = Literal["id", "en"]
DeliveryMode: TypeAlias = Literal["direct", "indirect"]
TrainingKind: TypeAlias = Literal["regular", "supervised"]
SizeClass: TypeAlias = Literal["micro", "small", "medium", "large"]
PayerKind: TypeAlias = Literal["enterprise", "sponsor", "programme"]
Funder: TypeAlias = Literal["ilo", "non_ilo"]
ReadingStage: TypeAlias = Literal["baseline", "visit", "endline", "followup"]
ReadingQuality: TypeAlias = Literal["measured", "estimated", "not_measured"]
InstitutionKind: TypeAlias = Literal[
    "private_provider",
    "government_centre",
    "university",
    "foundation",
    "ministry",
    "employers_organisation",
    "trade_union",
    "sponsor",
    "other",
]
WithdrawalStage: TypeAlias = Literal["before_classroom", "after_classroom"]
MissingPart: TypeAlias = Literal["classroom", "attendance", "visits"]


class Headcount(Value):
    """Persons by sex."""

    women: Integer
    men: Integer

    @property
    def total(self) -> int:
        return self.women + self.men


class Attendance(Value):
    """Persons by role and sex."""

    managers: Headcount
    workers: Headcount

    @property
    def total(self) -> int:
        return self.managers.total + self.workers.total


class Money(Value):
    """An amount in the currency's smallest unit in use: whole rupiah."""

    amount: Integer
    currency: Code = "IDR"


class Quantity(Value):
    """An exact decimal number: `digits` shifted right by `decimals` places. Events carry no floats."""

    digits: Integer
    decimals: Integer = 0

    @property
    def decimal(self) -> Decimal:
        return Decimal(self.digits).scaleb(-self.decimals)

    @classmethod
    def of(cls, number: Decimal | int) -> Quantity:
        exact = Decimal(number)
        if not exact.is_finite():
            raise ValueError("neither infinity nor NaN is a quantity")
        decimals = max(-int(exact.as_tuple().exponent), 0)
        return cls(digits=int(exact.scaleb(decimals)), decimals=decimals)


class Reading(Value):
    """One indicator as numerator and denominator, so that rates can be summed again; null where it was not measured."""

    indicator: Code
    quality: ReadingQuality
    unit: Code
    period: Code
    numerator: Quantity | None = None
    denominator: Quantity | None = None
    sex: Sex | None = None


class PlannedModule(Value):
    """A module that an enterprise means to take, in the order of the plan."""

    module: Module
    module_version: Integer
    journey_id: UUID


class InvitedEnterprise(Value):
    """An enterprise that has seats in a planned classroom, or waits for some, and those of its people who are named."""

    enterprise_id: UUID
    participant_ids: tuple[UUID, ...] = ()


class DeliveredEnterprise(Value):
    """One enterprise's part in a classroom: who was there on every day."""

    enterprise_id: UUID
    journey_id: UUID
    attendance: Attendance
    participant_ids: tuple[UUID, ...] = ()
