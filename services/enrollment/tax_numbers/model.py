"""An enterprise's tax number (NPWP). A body's is public; an individual's is personal data and lies sealed in the store.

Equal numbers are recognised by a keyed hash, whichever way they are kept, so that duplicates are found without opening any.
The same keys seal the files in which such numbers wait to be imported.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from typing import Any, Protocol

from services.enrollment.identifiers import OLD_NPWP_DIGITS, masked, npwp_digits, npwp_is_personal, npwp_of
from shared.domain.sealing import SealingKeys, opened, sealed


@dataclass(frozen=True, slots=True)
class TaxNumberKeys(SealingKeys):
    """The keys that seal, and the one by which an equal number is recognised."""

    index: bytes


class Taxed(Protocol):
    """An enterprise, or a stored row of one, as far as its number goes."""

    id: Any
    legal_form: Any
    npwp: Any
    npwp_given: Any
    sealed_npwp: Any


def number_of(enterprise: Taxed, keys: TaxNumberKeys) -> str | None:
    """Return the number as it is, of an enterprise or of its stored row."""
    if enterprise.npwp or enterprise.sealed_npwp is None:
        return enterprise.npwp  # type: ignore[no-any-return]
    return opened(enterprise.sealed_npwp, enterprise.id, keys).decode()


def shown_number(enterprise: Taxed, keys: TaxNumberKeys) -> str | None:
    """Return the number as it is shown to readers of the enterprise: an individual's by its end only."""
    number = number_of(enterprise, keys)
    if number and npwp_is_personal(number, enterprise.legal_form):
        return masked(number)
    return number


def digest_of(number: str | None, keys: TaxNumberKeys) -> str | None:
    """Return the number's digest: equal for equal numbers; without the key nothing follows from it."""
    return number and hmac.new(keys.index, number.encode(), hashlib.sha256).hexdigest()


def digests_of(text: str, keys: TaxNumberKeys) -> list[str]:
    """Return the digests of a number as it is kept, whatever the legal form of who has it."""
    digits = npwp_digits(text)
    written = (digits, f"0{digits}") if len(digits) == OLD_NPWP_DIGITS else (digits,)
    return [digest for number in written if (digest := digest_of(number, keys))]


def file_number(enterprise: Taxed, keys: TaxNumberKeys) -> None:
    """Keep the number as its kind is to be kept, now that the legal form is known."""
    number = number_of(enterprise, keys)
    if not number:
        return
    number = npwp_of(number, enterprise.legal_form)
    if npwp_is_personal(number, enterprise.legal_form):
        enterprise.npwp = enterprise.npwp_given = None
        if number_of(enterprise, keys) == number:
            return  # sealed anew it would be another row
        enterprise.sealed_npwp = sealed(number.encode(), enterprise.id, keys)
    else:
        enterprise.npwp, enterprise.sealed_npwp = number, None
