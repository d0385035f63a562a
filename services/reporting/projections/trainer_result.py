"""What is counted of a trainer: that they are registered, and which certificates they hold. No name ever comes here."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

import mongoengine as me

from services.reporting.projections.model import Part, Projection, newer
from shared.contracts.event import Fact
from shared.contracts.events.certification import (
    AboutCertificate,
    CertificateExpired,
    CertificateRevoked,
    CertificateSuspended,
    TrainerRegistered,
)
from shared.kernel.context import Principal
from shared.storage.indexes import index


class Certificate(Part):
    """A trainer's certificate for one module. It entitles up to the day before `ended_on`."""

    module = me.StringField(required=True)
    state = me.StringField(required=True)
    valid_from = me.DateField(required=True)
    valid_to = me.DateField(required=True)
    ended_on = me.DateField()

    def valid(self, day: date) -> bool:
        """By the calendar too: a certificate past its last day does not count, whether or not somebody said so."""
        ended = self.state == "expired" or (self.ended_on is not None and day >= self.ended_on)
        return not ended and self.valid_from <= day <= self.valid_to


class TrainerResult(Projection):
    meta: ClassVar[dict[str, Any]] = {"collection": "trainer_results"}
    INDEXES = (index("generation"),)

    registered = me.BooleanField(required=True, default=False)
    sex = me.StringField()
    certificates = me.MapField(me.EmbeddedDocumentField(Certificate))

    @classmethod
    def row_scope(cls, principal: Principal) -> dict[str, Any] | None:
        return {} if principal.role in ("programme", "auditor") else None

    def absorb(self, fact: Fact, sequence: int) -> None:
        match fact:
            case TrainerRegistered():
                self.registered, self.sex = True, fact.sex
            case AboutCertificate():
                self._certify(fact, sequence)

    def certified(self, day: date) -> bool:
        """Whether a registered trainer holds at least one certificate that is valid on this day."""
        return bool(self.registered) and any(held.valid(day) for held in self.certificates.values())

    def _certify(self, fact: AboutCertificate, sequence: int) -> None:
        qualification = str(fact.qualification_id)
        if newer(self.certificates.get(qualification), sequence):
            state, ended_on = _state_of(fact)
            self.certificates[qualification] = Certificate(
                sequence=sequence,
                module=fact.module,
                state=state,
                valid_from=fact.valid_from,
                valid_to=fact.valid_to,
                ended_on=ended_on,
            )


def _state_of(fact: AboutCertificate) -> tuple[str, date | None]:
    match fact:
        case CertificateSuspended():
            return "suspended", fact.effective_on
        case CertificateRevoked():
            return "revoked", fact.effective_on
        case CertificateExpired():
            return "expired", None
    return "valid", None
