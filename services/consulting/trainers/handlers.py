"""Listens to certification: who is certified for a module, and until when."""

from __future__ import annotations

from services.consulting.trainers import commands
from shared.contracts.envelope import Envelope
from shared.contracts.events.certification import (
    AboutCertificate,
    CertificateExpired,
    CertificateRenewed,
    CertificateRevoked,
    CertificateSuspended,
    TrainerCertified,
)
from shared.messaging.subscriptions import ConsumerGroup

entitlements = ConsumerGroup("consulting.entitlements")


@entitlements.handles(TrainerCertified)
def grant(event: TrainerCertified, _about: Envelope) -> None:
    _keep(event)


@entitlements.handles(CertificateRenewed)
def renew(event: CertificateRenewed, _about: Envelope) -> None:
    _keep(event)


@entitlements.handles(CertificateExpired)
def expire(event: CertificateExpired, _about: Envelope) -> None:
    _keep(event)


@entitlements.handles(CertificateSuspended)
def suspend(event: CertificateSuspended, _about: Envelope) -> None:
    _keep(event, ended=True)


@entitlements.handles(CertificateRevoked)
def revoke(event: CertificateRevoked, _about: Envelope) -> None:
    _keep(event, ended=True)


def _keep(event: AboutCertificate, *, ended: bool = False) -> None:
    ended_on = event.effective_on if ended and isinstance(event, CertificateSuspended | CertificateRevoked) else None
    commands.keep_entitlement(
        event.qualification_id,
        trainer_id=event.trainer_id,
        module=event.module,
        valid_from=event.valid_from,
        valid_to=event.valid_to,
        ended_on=ended_on,
    )
