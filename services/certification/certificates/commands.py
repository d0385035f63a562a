"""Takes numbers for certificates."""

from __future__ import annotations

from uuid import UUID

from services.certification.certificates.errors import NUMBER_GIVEN
from services.certification.certificates.model import IssuedNumber
from shared.domain.errors import Conflict
from shared.storage.transaction import transactional


@transactional
def issue_number(number: str, *, qualification_id: UUID) -> None:
    """Take a number, written in capitals; raises `Conflict` where it was given before."""
    number_id = IssuedNumber.id_of(number)
    if IssuedNumber.find(number_id) is not None:
        raise Conflict(NUMBER_GIVEN)
    IssuedNumber(id=number_id, number=number, qualification_id=qualification_id).save()
