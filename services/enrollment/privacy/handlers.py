"""Listens to the holders of copies while a person is forgotten everywhere: which of them is done."""

from __future__ import annotations

from services.enrollment.privacy import commands
from shared.contracts.envelope import Envelope
from shared.contracts.erasure import AboutErasureDone
from shared.contracts.events import certification, consulting, finance, notifications
from shared.messaging.subscriptions import ConsumerGroup

erasures = ConsumerGroup("enrollment.erasures")


def keep_erasure_done(event: AboutErasureDone, about: Envelope) -> None:
    service = about.source.rpartition("/")[2]
    commands.keep_erasure_done(event.person_id, service=service, done_at=about.time)


for _holder in (certification, consulting, finance, notifications):
    erasures.handles(_holder.ErasureDone)(keep_erasure_done)
