"""Listens to enrollment and finance: what they say is told in letters."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from services.notifications.letters import commands
from shared.contracts.envelope import Envelope
from shared.contracts.events.enrollment import TrainingCancelled, TrainingDelivered, TrainingRescheduled
from shared.contracts.events.finance import InvoiceIssued
from shared.messaging.subscriptions import ConsumerGroup

letters = ConsumerGroup("notifications.letters", start="now")


@letters.handles(InvoiceIssued)
def write_to_payer(event: InvoiceIssued, about: Envelope) -> None:
    commands.write_letter(
        template="invoice_issued",
        cause_id=about.id,
        cause_at=about.time,
        recipient_id=event.payer_id,
        institution_id=event.provider_id,
        about={
            "number": event.number,
            "module": event.module,
            "total": event.total.amount,
            "tax": event.tax.amount,
            "issued_on": event.issued_on.isoformat(),
            "due_on": event.due_on.isoformat(),
        },
    )


@letters.handles(TrainingDelivered)
def ask_for_evaluation(event: TrainingDelivered, about: Envelope) -> None:
    """Ask those who were there on every day, once about a training, even when its delivery is reversed and told anew."""
    for enterprise in event.enterprises:
        for participant_id in enterprise.participant_ids:
            commands.write_letter(
                template="evaluation",
                cause_id=about.id,
                cause_at=about.time,
                recipient_id=participant_id,
                institution_id=event.provider_id,
                about={
                    "module": event.module,
                    "training_id": str(event.training_id),
                    "delivered_on": event.delivered_on.isoformat(),
                },
                once_for=event.training_id,
                optional=True,
            )


@letters.handles(TrainingRescheduled)
def tell_new_days(event: TrainingRescheduled, about: Envelope) -> None:
    """Tell the invited of new days; other trainers alone concern nobody who is invited."""
    if event.days != event.previous_days:
        _tell_invited(
            "training_moved", event, about, {"previous_days": [day.isoformat() for day in event.previous_days]}
        )


@letters.handles(TrainingCancelled)
def tell_cancellation(event: TrainingCancelled, about: Envelope) -> None:
    _tell_invited("training_cancelled", event, about, {})


def _tell_invited(
    template: str, event: TrainingRescheduled | TrainingCancelled, about: Envelope, more: dict[str, list[str]]
) -> None:
    """Write to the contact of each enterprise, and to those of its people who are named and can be written to.

    Once the last day is over on which somebody might come, the letter is of no use.
    """
    previous_days = event.previous_days if isinstance(event, TrainingRescheduled) else ()
    over = datetime.combine(max(*event.days, *previous_days, event.days[0]), time.max, ZoneInfo(event.zone))
    words: dict[str, str | int | list[str]] = {
        "module": event.module,
        "training_id": str(event.training_id),
        "revision": event.revision,
        "hours": " – ".join(filter(None, [event.start_time, event.end_time])),
        "days": [day.isoformat() for day in event.days],
        "zone": event.zone,
        **more,
    }
    for enterprise in event.invited:
        for recipient_id in (enterprise.enterprise_id, *enterprise.participant_ids):
            commands.write_letter(
                template=template,
                cause_id=about.id,
                cause_at=about.time,
                recipient_id=recipient_id,
                institution_id=event.provider_id,
                about=words,
                optional=recipient_id != enterprise.enterprise_id,
                useful_until=over,
            )
