"""One trainer and one module: whether the trainer is entitled to teach it, and by which certificate.

The id is the UUIDv5 of both, so a trainer has one qualification per module whoever creates it first. The last certificate
is the one that counts; earlier ones stay, since somebody may still hold the paper and ask about it.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar, TypedDict
from uuid import UUID

import mongoengine as me

from services.certification.certificates.model import Certificate
from services.certification.qualifications.errors import LAPSED, certified_already
from shared.contracts.events.certification import (
    CertificateExpired,
    CertificateRevoked,
    CertificateSuspended,
    SuspensionLifted,
    TrainerCertified,
    qualification_id,
)
from shared.contracts.values import Module, Sex
from shared.domain.aggregate import Aggregate
from shared.domain.errors import NotAllowedNow
from shared.domain.lifecycle import Lifecycle, allow
from shared.kernel.principal import Principal
from shared.storage.indexes import by_time, index
from shared.storage.row_scope import Scope, rows_for


class CertificateData(TypedDict):
    """What the events of a certificate have in common."""

    qualification_id: UUID
    trainer_id: UUID
    module: Module
    certificate_number: str
    institution_id: UUID | None
    sex: Sex
    valid_from: date
    valid_to: date


class Qualification(Aggregate):
    meta: ClassVar[dict[str, object]] = {"collection": "qualifications"}
    INDEXES = (
        *by_time("institution_id"),
        index("trainer_id"),
        index("state", "valid_to"),
    )
    LIFECYCLE = Lifecycle(
        "applied",
        {
            "certify": allow("applied", "expired", "revoked", to="certified"),
            "suspend": allow("certified", to="suspended"),
            "lift": allow("suspended", to="certified"),
            "revoke": allow("certified", "suspended", to="revoked"),
            "expire": allow("certified", "suspended", to="expired"),
        },
    )

    trainer_id = me.UUIDField(required=True, binary=True)
    module = me.StringField(required=True)
    institution_id = me.UUIDField(binary=True)
    sex = me.StringField(required=True)
    certificates = me.EmbeddedDocumentListField(Certificate)
    valid_to = me.DateField()
    state = me.StringField(required=True, default="applied")

    @classmethod
    def row_scope(cls, principal: Principal) -> Scope | None:
        return rows_for(principal, provider="institution_id", trainer="trainer_id")

    @staticmethod
    def id_of(trainer_id: UUID, module: str) -> UUID:
        return qualification_id(trainer_id, module)

    @property
    def certificate(self) -> Certificate:
        """Return the certificate that counts."""
        newest: Certificate = self.certificates[-1]
        return newest

    def entitles(self, today: date) -> bool:
        return self.state == "certified" and not self.lapsed(today)

    def lapsed(self, today: date) -> bool:
        """Return whether the last day has passed, even if no event has said so yet."""
        return self.valid_to is not None and self.valid_to < today

    def certify(self, certificate: Certificate) -> None:
        """Give the certificate. Raises `Conflict` while another one is in force or suspended."""
        if self.state in ("certified", "suspended"):
            raise certified_already(self.module, self.certificate.number)
        self.transition("certify")
        self.certificates.append(certificate)
        self.valid_to = certificate.valid_to
        self.record(TrainerCertified(**self._about(), historic=certificate.historic))

    def suspend(self, reason: str, today: date) -> None:
        self._take_away("suspend", reason, today)
        self.record(CertificateSuspended(**self._about(), effective_on=today, reason=reason))

    def lift_suspension(self, today: date) -> None:
        """Let a suspended certificate entitle again. Raises `NotAllowedNow` once its last day has passed."""
        if self.lapsed(today):
            raise NotAllowedNow(LAPSED, verb="lift")
        self.transition("lift")
        self.certificate.standing, self.certificate.reason, self.certificate.effective_on = self.state, None, None
        self.record(SuspensionLifted(**self._about(), lifted_on=today))

    def revoke(self, reason: str, today: date) -> None:
        self._take_away("revoke", reason, today)
        self.record(CertificateRevoked(**self._about(), effective_on=today, reason=reason))

    def expire(self) -> None:
        self.transition("expire")
        self.certificate.standing = self.state
        self.record(CertificateExpired(**self._about()))

    def _take_away(self, verb: str, reason: str, today: date) -> None:
        self.transition(verb)
        self.certificate.standing, self.certificate.reason, self.certificate.effective_on = self.state, reason, today

    def _about(self) -> CertificateData:
        return {
            "qualification_id": self.id,
            "trainer_id": self.trainer_id,
            "module": self.module,
            "certificate_number": self.certificate.number,
            "institution_id": self.institution_id,
            "sex": self.sex,
            "valid_from": self.certificate.valid_from,
            "valid_to": self.certificate.valid_to,
        }
