"""Seals what nobody may read in the store: AES-256-GCM, with keys that are not in it, and bound to its row.

Copied into another row it does not open. The id of its key stands with it, so that a key is replaced by putting a new one
before it: the first seals, every one of them opens.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self
from uuid import UUID

import mongoengine as me
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from shared.kernel.keys import KEY_BYTES, of_this_machine

NONCE_BYTES: Final = 12


class Sealed(me.EmbeddedDocument):  # type: ignore[misc]
    """`sealed` is the nonce and what it was used for."""

    key_id = me.StringField(required=True)
    sealed = me.BinaryField(required=True)


@dataclass(frozen=True, slots=True)
class SealingKeys:
    """`sealing` maps the id that is kept with what is sealed to its key, the present one first."""

    sealing: dict[str, AESGCM]

    @classmethod
    def of(cls, keys: Mapping[str, str], **more: Any) -> Self:
        """Return keys that are written in hexadecimal."""
        return cls({name: AESGCM(bytes.fromhex(key)) for name, key in keys.items()}, **more)

    @property
    def current(self) -> str:
        return next(iter(self.sealing))


def new_keys() -> dict[str, str]:
    """Return one new key under its id, as one machine makes it for itself."""
    return {"1": secrets.token_hex(KEY_BYTES)}


def configured_keys(chosen: Iterable[str], file: str) -> SealingKeys:
    """Return the keys of a setting, each `id=` and hexadecimal digits; without one, those that this machine keeps in a file."""
    given = dict(key.split("=") for key in chosen)
    return SealingKeys.of(given or of_this_machine(file, lambda: {"keys": new_keys()})["keys"])


def sealed(content: bytes, row_id: UUID, keys: SealingKeys) -> Sealed:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return Sealed(key_id=keys.current, sealed=nonce + keys.sealing[keys.current].encrypt(nonce, content, row_id.bytes))


def opened(kept: Any, row_id: UUID, keys: SealingKeys) -> bytes:
    """Open what was sealed. Raises `KeyError` where its key is not configured, `InvalidTag` where the row is another."""
    content, cipher = bytes(kept.sealed), keys.sealing[kept.key_id]
    return cipher.decrypt(content[:NONCE_BYTES], content[NONCE_BYTES:], row_id.bytes)
