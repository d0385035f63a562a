"""The row that is counted of a trainer: that they are registered, and which certificates they hold. No name ever comes here."""

from __future__ import annotations

from datetime import date
from typing import ClassVar

import mongoengine as me

from services.reporting.projections.model import Part, Projection, newer
from shared.contracts.event import Event
from shared.contracts.events.certification import (
    AboutCertificate,
    CertificateExpired,
    CertificateRevoked,
    CertificateSuspended,
    TrainerRegistered,
)
from shared.kernel.principal import Principal
from shared.storage.indexes import index
from shared.storage.row_scope import Scope


class Certificate(Part):
    """A trainer's certificate for one module. It entitles up to the day before `ended_on`."""

    module = me.StringField(required=True)
    state = me.StringField(required=True)
    valid_from = me.DateField(required=True)
    valid_to = me.DateField(required=True)
    ended_on = me.DateField()

    def valid(self, day: date) -> bool:
        """Return whether it is valid, by the calendar too: past its last day it does not count, event or not."""
        ended = self.state == "expired" or (self.ended_on is not None and day >= self.ended_on)
        return not ended and self.valid_from <= day <= self.valid_to


class TrainerResult(Projection):
    meta: ClassVar[dict[str, object]] = {"collection": "trainer_results"}
    INDEXES = (index("generation"),)

    registered = me.BooleanField(required=True, default=False)
    sex = me.StringField()
    certificates = me.MapField(me.EmbeddedDocumentField(Certificate))

    @classmethod
    def row_scope(cls, principal: Principal) -> Scope | None:
        return {} if principal.role in ("programme", "auditor") else None

    def apply_event(self, event: Event, sequence: int) -> None:
        match event:
            case TrainerRegistered():
                self.registered, self.sex = True, event.sex
            case AboutCertificate():
                self._certify(event, sequence)

    def certified(self, day: date) -> bool:
        """Return whether a registered trainer holds at least one certificate that is valid on this day."""
        return bool(self.registered) and any(certificate.valid(day) for certificate in self.certificates.values())

    def _certify(self, event: AboutCertificate, sequence: int) -> None:
        qualification = str(event.qualification_id)
        if newer(self.certificates.get(qualification), sequence):
            state, ended_on = _state_of(event)
            self.certificates[qualification] = Certificate(
                sequence=sequence,
                module=event.module,
                state=state,
                valid_from=event.valid_from,
                valid_to=event.valid_to,
                ended_on=ended_on,
            )


def _state_of(event: AboutCertificate) -> tuple[str, date | None]:
    match event:
        case CertificateSuspended():
            return "suspended", event.effective_on
        case CertificateRevoked():
            return "revoked", event.effective_on
        case CertificateExpired():
            return "expired", None
    return "valid", None
