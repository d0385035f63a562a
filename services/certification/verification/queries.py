"""Tells anyone who asks whether a certificate is valid: number, module, days and status, never a name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from services.certification.certificates.model import IssuedNumber
from services.certification.qualifications.model import Qualification
from services.certification.settings import certification_settings
from shared.domain.errors import NotFound
from shared.kernel import clock
from shared.kernel.context import unscoped


@dataclass(frozen=True, slots=True)
class Verification:
    number: str
    module: str
    valid_from: date
    valid_to: date
    status: str


def verify_certificate(number: str) -> Verification:
    """Return what the programme says of a number today; `NotFound` where it was never given."""
    with unscoped("what is told of a certificate's number is public"):
        issued = IssuedNumber.find(IssuedNumber.id_of(number))
        qualification = Qualification.find(issued.qualification_id) if issued else None
    if issued is None or qualification is None:
        raise NotFound("Certificate")
    certificate = next(paper for paper in qualification.certificates if paper.number == issued.number)
    return Verification(
        number=certificate.number,
        module=qualification.module,
        valid_from=certificate.valid_from,
        valid_to=certificate.valid_to,
        status=certificate.status(clock.today(certification_settings().zone)),
    )
