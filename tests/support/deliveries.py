"""Makes deliveries as enrollment would tell them to finance."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from services.finance.invoices.model import Invoice
from shared.contracts.events.enrollment import AboutDelivery, DeliveryReversed
from shared.contracts.values import Attendance, DeliveredEnterprise, Headcount
from shared.kernel import ids
from tests.support.factories import ALPHA, days_ago

ENTERPRISE, TRAINING, SECOND = (ids.derived("tests", "finance", number) for number in range(3))

PRESENT = Attendance(managers=Headcount(women=1, men=1), workers=Headcount(women=1, men=1))

START = date(2020, 1, 1)


def delivery(kind: type[AboutDelivery], training: UUID = TRAINING, *enterprises: UUID, days: int = 9) -> AboutDelivery:
    said: dict[str, Any] = {
        "training_id": training, "module": "M1", "module_version": 1, "delivered_on": days_ago(days)[0], "provider_id": ALPHA,
        "lead_trainer_id": ids.derived("tests", "trainer"), "trainer_ids": (), "delivery_mode": "direct", "required_visits": 3,
        "enterprises": tuple(
            DeliveredEnterprise(enterprise_id=each, journey_id=ids.derived("journey", each, "M1"), attendance=PRESENT)
            for each in enterprises or (ENTERPRISE,)
        ),
    }  # fmt: skip
    if kind is DeliveryReversed:
        said |= {"reason": "not_held", "reversed_on": days_ago(0)[0]}
    return kind(**said)


def only_invoice() -> Invoice:
    (invoice,) = Invoice.objects
    return invoice
