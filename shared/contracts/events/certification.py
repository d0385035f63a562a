"""What certification says: trainers and what they are entitled to teach.

A qualification is one trainer and one module: `qualification_id` is the UUIDv5 of both, and its events are one order.
Trainers' names and addresses travel on `score.contacts.certification` only.
"""

from __future__ import annotations

from datetime import date
from typing import Final, Literal, TypeAlias
from uuid import UUID

from shared.contracts.erasure import AboutErasure, AboutErasureDone
from shared.contracts.event import Event, Owner
from shared.contracts.values import Module, Sex
from shared.contracts.wire.shape import Code, Integer
from shared.kernel import ids

certification: Final = Owner("certification")


def qualification_id(trainer_id: UUID, module: str) -> UUID:
    """Return the id of a trainer's qualification for a module, which others who know both may look for."""
    return ids.derived("qualification", trainer_id, module)


TrainerKind: TypeAlias = Literal[
    "provider", "government", "ministry", "university", "employers_organisation", "trade_union", "freelance"
]
Grade: TypeAlias = Literal["candidate", "certified", "expert"]


@certification.event(key="trainer_id")
class TrainerRegistered(Event):
    """A trainer candidate was entered in the register."""

    trainer_id: UUID
    sex: Sex
    institution_id: UUID | None = None
    kind: TrainerKind


@certification.event(key="trainer_id")
class TrainerPromoted(Event):
    """A trainer reached a higher grade."""

    trainer_id: UUID
    sex: Sex
    institution_id: UUID | None = None
    grade: Grade
    modules: tuple[Module, ...]
    promoted_on: date


@certification.event(key="qualification_id")
class SupervisedDeliveryAuthorised(Event):
    """A candidate was allowed to lead a module under an expert for a time."""

    qualification_id: UUID
    trainer_id: UUID
    module: Module
    expert_id: UUID
    valid_from: date
    valid_to: date


class AboutCertificate(Event):
    """A trainer's certificate for a module."""

    qualification_id: UUID
    trainer_id: UUID
    module: Module
    certificate_number: Code
    institution_id: UUID | None = None
    sex: Sex
    valid_from: date
    valid_to: date

    @property
    def ended_on(self) -> date | None:
        """Return the day from which the certificate entitles no more, before its last one."""
        return None


@certification.event(key="qualification_id")
class TrainerCertified(AboutCertificate):
    """A trainer was certified for a module; a historic certificate was earned before the platform."""

    historic: bool = False


@certification.event(key="qualification_id")
class CertificateRenewed(AboutCertificate):
    """A certificate was renewed for a further period."""


@certification.event(key="qualification_id")
class CertificateSuspended(AboutCertificate):
    """A certificate stopped to entitle, until its suspension is lifted or it is revoked."""

    effective_on: date
    reason: Code

    @property
    def ended_on(self) -> date | None:
        return self.effective_on


@certification.event(key="qualification_id")
class SuspensionLifted(AboutCertificate):
    """A suspended certificate entitles again."""

    lifted_on: date


@certification.event(key="qualification_id")
class CertificateRevoked(AboutCertificate):
    """A certificate was taken away for good."""

    effective_on: date
    reason: Code

    @property
    def ended_on(self) -> date | None:
        return self.effective_on


@certification.event(key="qualification_id")
class CertificateExpired(AboutCertificate):
    """The last day of a certificate passed without renewal."""


# by which whoever judges entitlement keeps a trainer's certificate for a module, the last one as it stands
ENTITLING: Final[tuple[type[AboutCertificate], ...]] = (
    TrainerCertified, CertificateRenewed, CertificateSuspended, SuspensionLifted, CertificateRevoked,
    CertificateExpired,
)  # fmt: skip


@certification.event(key="qualification_id")
class CertificateExpiring(AboutCertificate):
    """A certificate came near its last day."""

    days_left: Integer


@certification.event(key="person_id")
class PersonErased(AboutErasure):
    """A trainer was erased; every holder of a copy erases too."""


@certification.event(key="erasure_id")
class ErasureDone(AboutErasureDone):
    """Certification erased its copy of a person whom another service owns."""
