"""Golden histories: what the other services would say of a small programme, key by key, and rows made of it without a store."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from services.reporting.projections.enterprise_result import EnterpriseResult
from services.reporting.projections.model import Projection
from services.reporting.projections.money_result import CostResult, InvoiceResult
from services.reporting.projections.routing import rows_of
from services.reporting.projections.trainer_result import TrainerResult
from services.reporting.results.metrics import Rows
from shared.contracts.event import Event, key_of
from shared.contracts.events import certification as cert
from shared.contracts.events import enrollment as enrol
from shared.contracts.events import finance
from shared.contracts.values import Attendance, DeliveredEnterprise, Headcount, Money
from shared.kernel import ids

DAY = date(2026, 9, 1)
TODAY = date(2026, 11, 24)
START = datetime(2026, 9, 1, tzinfo=UTC)
PROVIDER = ids.derived("test", "provider")
PRESENT = Attendance(managers=Headcount(women=1, men=1), workers=Headcount(women=2, men=2))


@dataclass(frozen=True)
class Said:
    """An event with its place in the order of its key."""

    event: Event
    sequence: int
    recorded_at: datetime


def an(kind: str, number: object) -> UUID:
    return ids.derived("test", kind, number)


def enterprise(number: int, *, province: str = "ID-JT", sector: str = "metal") -> enrol.EnterpriseRegistered:
    return enrol.EnterpriseRegistered(
        enterprise_id=an("enterprise", number),
        province=province,
        sector=sector,
        headcount=Headcount(women=10, men=20),
        provider_id=PROVIDER,
        delivery_mode="direct",
    )


def corrected(number: int, **changes: Any) -> enrol.EnterpriseCorrected:
    """The enterprise as `enterprise` describes it, with these changes."""
    said = enterprise(number)
    known = {name: getattr(said, name) for name in said.__struct_fields__}
    return enrol.EnterpriseCorrected(**{**known, **changes})


def graduated(number: int, on: date = DAY) -> Event:
    return enrol.EnterpriseGraduated(
        enterprise_id=an("enterprise", number), provider_id=PROVIDER, modules=("M1",), graduated_on=on
    )


def graduation_reversed(number: int) -> Event:
    return enrol.EnterpriseGraduationReversed(
        enterprise_id=an("enterprise", number), provider_id=PROVIDER, modules=("M1",), reversed_on=DAY
    )


def moved(number: int, provider_id: UUID) -> enrol.EnterpriseProviderChanged:
    return enrol.EnterpriseProviderChanged(
        enterprise_id=an("enterprise", number),
        provider_id=provider_id,
        previous_provider_id=PROVIDER,
        delivery_mode="direct",
        changed_on=DAY,
    )


def _classroom(training: int, enterprises: Iterable[int], mode: str, on: date) -> dict[str, Any]:
    return {
        "training_id": an("training", training),
        "module": "M1",
        "module_version": 1,
        "delivered_on": on,
        "provider_id": PROVIDER,
        "lead_trainer_id": an("trainer", 1),
        "trainer_ids": (an("trainer", 1),),
        "delivery_mode": mode,
        "required_visits": 3,
        "enterprises": tuple(
            DeliveredEnterprise(
                enterprise_id=an("enterprise", each), journey_id=an("journey", (each, "M1")), attendance=PRESENT
            )
            for each in enterprises
        ),
    }


def delivered(training: int, enterprises: Iterable[int], mode: str = "direct", on: date = DAY) -> Event:
    return enrol.TrainingDelivered(**_classroom(training, enterprises, mode, on))


def reversed_delivery(training: int, enterprises: Iterable[int], mode: str = "direct") -> Event:
    return enrol.DeliveryReversed(**_classroom(training, enterprises, mode, DAY), reason="wrong", reversed_on=DAY)


def _completion(number: int, module: str) -> dict[str, Any]:
    return {
        "journey_id": an("journey", (number, module)),
        "enterprise_id": an("enterprise", number),
        "module": module,
        "training_id": an("training", 1),
        "visit_ids": (an("visit", number),),
        "lead_trainer_id": an("trainer", 1),
        "delivery_mode": "direct",
        "provider_id": PROVIDER,
        "completed_on": DAY,
    }


def completed(number: int, module: str = "M1") -> Event:
    return enrol.ModuleCompleted(**_completion(number, module))


def uncompleted(number: int, module: str = "M1") -> Event:
    return enrol.ModuleCompletionReversed(**_completion(number, module), reason="visit_voided", reversed_on=DAY)


def trainer(number: int, sex: Any = "female") -> Event:
    return cert.TrainerRegistered(trainer_id=an("trainer", number), sex=sex, kind="provider")


def certificate(kind: type[Event], number: int, module: str = "M1", **changes: Any) -> Event:
    held: dict[str, Any] = {
        "qualification_id": an("qualification", (number, module)),
        "trainer_id": an("trainer", number),
        "module": module,
        "certificate_number": f"SCORE-{module}-{number}",
        "sex": "female",
        "valid_from": date(2026, 1, 15),
        "valid_to": date(2029, 1, 14),
    }
    if kind in (cert.CertificateSuspended, cert.CertificateRevoked):
        held |= {"effective_on": TODAY, "reason": "conduct"}
    if kind is cert.SuspensionLifted:
        held |= {"lifted_on": TODAY}
    return kind(**{**held, **changes})


def _invoice(number: int, net: int, *, recovers: bool) -> dict[str, Any]:
    return {
        "invoice_id": an("invoice", number),
        "number": f"INV-{number}",
        "payer_id": an("enterprise", number),
        "payer_kind": "enterprise",
        "enterprise_id": an("enterprise", number),
        "module": "M1",
        "tranche": "classroom",
        "round": 1,
        "provider_id": PROVIDER,
        "net": Money(amount=net),
        "tax": Money(amount=net // 10),
        "total": Money(amount=net + net // 10),
        "counts_as_recovery": recovers,
    }


def invoice(number: int, net: int, *, recovers: bool = True, on: date = DAY) -> Event:
    return finance.InvoiceIssued(**_invoice(number, net, recovers=recovers), issued_on=on, due_on=on)


def credit(number: int, net: int, note: str, *, recovers: bool = True) -> Event:
    return finance.InvoiceCredited(
        **_invoice(number, net, recovers=recovers),
        credit_note_number=note,
        fully_credited=False,
        credited_on=DAY,
        reason="agreed",
    )


def cost(kind: type[Event], number: int, amount: int, *, in_kind: bool = False, on: date = DAY) -> Event:
    booked: dict[str, Any] = {
        "cost_id": an("cost", number),
        "category": "venue",
        "amount": Money(amount=amount),
        "in_kind": in_kind,
        "funded_by": "ilo",
        "provider_id": PROVIDER,
        "incurred_on": on,
        "period": "2026-09",
    }
    return kind(**booked, **({"reason": "mistake"} if kind is finance.CostReversed else {}))


def history(*events: Event) -> list[Said]:
    """In the order told, each event numbered within its key."""
    numbers: dict[UUID, int] = defaultdict(int)
    told = []
    for minute, event in enumerate(events):
        numbers[key_of(event)] += 1
        told.append(Said(event, numbers[key_of(event)], START + timedelta(minutes=minute)))
    return told


def rows_from(told: Iterable[Said]) -> Rows:
    """What the handlers keep of it, by the same code, without a store."""
    kept: dict[tuple[type[Projection], UUID], Projection] = {}
    for said in told:
        for kind, row_id in rows_of(said.event):
            row = kept.setdefault((kind, row_id), kind(id=row_id))
            row.apply(said.event, sequence=said.sequence, recorded_at=said.recorded_at)
            row.validate()
    found: dict[type[Projection], list[Any]] = defaultdict(list)
    for (kind, _), row in sorted(kept.items(), key=lambda item: str(item[0][1])):
        found[kind].append(row)
    return Rows(
        enterprises=tuple(found[EnterpriseResult]),
        trainers=tuple(found[TrainerResult]),
        invoices=tuple(found[InvoiceResult]),
        costs=tuple(found[CostResult]),
    )


def rows(*events: Event) -> Rows:
    return rows_from(history(*events))


PROGRAMME: tuple[Event, ...] = (
    *(enterprise(number, province="ID-JT" if number < 7 else "ID-BA") for number in range(12)),
    moved(3, an("provider", "other")),
    delivered(1, range(6)),
    delivered(2, range(4, 10)),
    delivered(3, (10, 11), "indirect"),
    reversed_delivery(1, range(6)),
    delivered(1, range(5)),
    reversed_delivery(2, range(4, 10)),
    *(completed(number) for number in range(4)),
    uncompleted(2),
    completed(2),
    uncompleted(3),
    corrected(5, province="ID-JI", headcount=Headcount(women=12, men=20)),
    *(graduated(number) for number in (0, 1, 2)),
    graduation_reversed(2),
    *(trainer(number, "female" if number % 2 else "male") for number in range(8)),
    *(certificate(cert.TrainerCertified, number) for number in range(6)),
    certificate(cert.TrainerCertified, 1, "M2"),
    certificate(cert.CertificateSuspended, 1),
    certificate(cert.CertificateSuspended, 2),
    certificate(cert.CertificateSuspended, 5),
    certificate(cert.SuspensionLifted, 5),
    certificate(cert.CertificateRenewed, 2, valid_to=date(2032, 1, 14)),
    certificate(cert.CertificateRevoked, 3),
    certificate(cert.CertificateExpired, 4, valid_to=date(2026, 6, 1)),
    invoice(1, 3_000_000),
    invoice(2, 2_000_000, recovers=False),
    invoice(3, 5_000_000),
    credit(1, 500_000, "CN-1"),
    credit(1, 250_000, "CN-2"),
    cost(finance.CostRecorded, 1, 8_000_000),
    cost(finance.CostRecorded, 2, 4_000_000),
    cost(finance.CostReversed, 2, 4_000_000),
    cost(finance.CostRecorded, 3, 1_000_000, in_kind=True),
)
