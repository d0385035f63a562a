"""An enterprise's tax number (NPWP). A body's is public; an individual's is personal data and lies sealed in the store.

Sealed is AES-256-GCM, bound to its row: copied into another one it does not open. With it stands the id of its key. Equal
numbers are recognised by a keyed hash, whichever way they are kept, so that duplicates are found without opening any.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Any, Final
from uuid import UUID

import mongoengine as me

from services.enrollment.identifiers import masked, npwp_is_personal, npwp_of
from services.enrollment.tax_numbers.keys import tax_number_keys

NONCE_BYTES: Final = 12


class SealedNumber(me.EmbeddedDocument):  # type: ignore[misc]
    """`sealed` is the nonce and what it was used for."""

    key_id = me.StringField(required=True)
    sealed = me.BinaryField(required=True)


def number_of(enterprise: Any) -> str | None:
    """The number as it is, of an enterprise or of its stored row."""
    if enterprise.npwp or enterprise.sealed_npwp is None:
        return enterprise.npwp  # type: ignore[no-any-return]
    return _opened(enterprise.sealed_npwp, enterprise.id)


def shown_number(enterprise: Any) -> str | None:
    """As it is shown to whoever reads about the enterprise: an individual's by its end only."""
    number = number_of(enterprise)
    if number and npwp_is_personal(number, enterprise.legal_form):
        return masked(number)
    return number


def digest_of(number: str | None) -> str | None:
    """Equal for equal numbers; without the key nothing follows from it."""
    return number and hmac.new(tax_number_keys().index, number.encode(), hashlib.sha256).hexdigest()


def file_number(enterprise: Any) -> None:
    """Keep the number as its kind is to be kept, now that the legal form is known."""
    number = number_of(enterprise)
    if not number:
        return
    number = npwp_of(number, enterprise.legal_form)
    if npwp_is_personal(number, enterprise.legal_form):
        enterprise.npwp = enterprise.npwp_given = None
        enterprise.sealed_npwp = sealed_number(number, enterprise.id)
    else:
        enterprise.npwp, enterprise.sealed_npwp = number, None


def sealed_number(number: str, row_id: UUID) -> SealedNumber:
    keys, nonce = tax_number_keys(), secrets.token_bytes(NONCE_BYTES)
    sealed = nonce + keys.sealing[keys.current].encrypt(nonce, number.encode(), row_id.bytes)
    return SealedNumber(key_id=keys.current, sealed=sealed)


def _opened(number: Any, row_id: UUID) -> str:
    """Raises `KeyError` where the key is no longer among the configured ones, `InvalidTag` where the row is another."""
    sealed = bytes(number.sealed)
    cipher = tax_number_keys().sealing[number.key_id]
    return cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], row_id.bytes).decode()
