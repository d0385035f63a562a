"""An enterprise's tax number (NPWP). A body's is public; an individual's is personal data and lies sealed in the store.

Sealed is AES-256-GCM, bound to its row: copied into another one it does not open. With it stands the id of its key. Equal
numbers are recognised by a keyed hash, whichever way they are kept, so that duplicates are found without opening any. The
same keys seal the files in which such numbers wait to be imported.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from typing import Any, Final, Protocol
from uuid import UUID

import mongoengine as me
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from services.enrollment.identifiers import masked, npwp_is_personal, npwp_of

NONCE_BYTES: Final = 12


class Sealed(me.EmbeddedDocument):  # type: ignore[misc]
    """`sealed` is the nonce and what it was used for."""

    key_id = me.StringField(required=True)
    sealed = me.BinaryField(required=True)


@dataclass(frozen=True, slots=True)
class TaxNumberKeys:
    """`sealing` maps the id that is kept with a sealed number to its key, the present one first."""

    sealing: dict[str, AESGCM]
    index: bytes

    @property
    def current(self) -> str:
        return next(iter(self.sealing))


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


def file_number(enterprise: Taxed, keys: TaxNumberKeys) -> None:
    """Keep the number as its kind is to be kept, now that the legal form is known."""
    number = number_of(enterprise, keys)
    if not number:
        return
    number = npwp_of(number, enterprise.legal_form)
    if npwp_is_personal(number, enterprise.legal_form):
        enterprise.npwp = enterprise.npwp_given = None
        enterprise.sealed_npwp = sealed(number.encode(), enterprise.id, keys)
    else:
        enterprise.npwp, enterprise.sealed_npwp = number, None


def sealed(content: bytes, row_id: UUID, keys: TaxNumberKeys) -> Sealed:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return Sealed(key_id=keys.current, sealed=nonce + keys.sealing[keys.current].encrypt(nonce, content, row_id.bytes))


def opened(kept: Any, row_id: UUID, keys: TaxNumberKeys) -> bytes:
    """Open what was sealed. Raises `KeyError` where its key is not configured, `InvalidTag` where the row is another."""
    content, cipher = bytes(kept.sealed), keys.sealing[kept.key_id]
    return cipher.decrypt(content[:NONCE_BYTES], content[NONCE_BYTES:], row_id.bytes)
