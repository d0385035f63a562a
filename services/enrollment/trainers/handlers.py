"""Who may lead a module follows what certification says; the names of trainers are kept for pages."""

from __future__ import annotations

from services.enrollment.trainers import commands
from shared.contracts.envelope import Envelope
from shared.contracts.events.certification import (
    AboutCertificate,
    CertificateExpired,
    CertificateRenewed,
    CertificateRevoked,
    CertificateSuspended,
    SupervisedDeliveryAuthorised,
    TrainerCertified,
)
from shared.contracts.parties import Erased, Party
from shared.messaging.subscriptions import Reactions

entitlements = Reactions("enrollment.entitlements")

names = Reactions("enrollment.names")


@names.on_party("certification")
def know(_party: Party | Erased) -> None:
    """The copy that the group keeps of every party is all that pages need: the names of trainers."""


@entitlements.on(TrainerCertified)
def grant(fact: TrainerCertified, _about: Envelope) -> None:
    _keep(fact)


@entitlements.on(CertificateRenewed)
def renew(fact: CertificateRenewed, _about: Envelope) -> None:
    _keep(fact)


@entitlements.on(CertificateSuspended)
def suspend(fact: CertificateSuspended, _about: Envelope) -> None:
    _keep(fact, ended=True)


@entitlements.on(CertificateRevoked)
def revoke(fact: CertificateRevoked, _about: Envelope) -> None:
    _keep(fact, ended=True)


@entitlements.on(CertificateExpired)
def expire(fact: CertificateExpired, _about: Envelope) -> None:
    _keep(fact)


@entitlements.on(SupervisedDeliveryAuthorised)
def authorise(fact: SupervisedDeliveryAuthorised, _about: Envelope) -> None:
    commands.keep_authorisation(
        qualification_id=fact.qualification_id,
        trainer_id=fact.trainer_id,
        module=fact.module,
        expert_id=fact.expert_id,
        valid_from=fact.valid_from,
        valid_to=fact.valid_to,
    )


def _keep(fact: AboutCertificate, *, ended: bool = False) -> None:
    ended_on = fact.effective_on if ended and isinstance(fact, CertificateSuspended | CertificateRevoked) else None
    commands.keep_entitlement(
        qualification_id=fact.qualification_id,
        trainer_id=fact.trainer_id,
        module=fact.module,
        valid_from=fact.valid_from,
        valid_to=fact.valid_to,
        ended_on=ended_on,
    )
