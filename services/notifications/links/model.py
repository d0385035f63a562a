"""The key that signs links. Made once by a migration; its public half is given out, the private one never leaves."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Self

import jwt
import mongoengine as me
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.access.signed_links import ALGORITHM, Link
from shared.domain.aggregate import StoredDocument
from shared.kernel import ids
from shared.kernel.principal import Principal
from shared.storage.row_scope import Scope

LINKS = ids.derived("signing-key", "links")


class SigningKey(StoredDocument):
    meta: ClassVar[dict[str, object]] = {"collection": "signing_keys"}

    private = me.BinaryField(required=True)

    @classmethod
    def row_scope(cls, principal: Principal) -> Scope | None:
        """Return no scope for anybody: only signing reads a private key, as the system."""
        del principal
        return None

    @classmethod
    def made(cls) -> Self:
        raw = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.Raw, serialization.PrivateFormat.Raw, serialization.NoEncryption()
        )
        return cls(id=LINKS, private=raw)

    def sign(self, link: Link, issued_at: datetime) -> str:
        return jwt.encode(link.claims(issued_at), self._key, ALGORITHM, headers={"kid": self.public["kid"]})

    @property
    def public(self) -> dict[str, str]:
        """Return the public half as a JWK, named by its RFC 7638 thumbprint."""
        point = _base64url(self._key.public_key().public_bytes_raw())
        thumbprint = json.dumps({"crv": "Ed25519", "kty": "OKP", "x": point}, separators=(",", ":"), sort_keys=True)
        kid = _base64url(hashlib.sha256(thumbprint.encode()).digest())
        return {"kty": "OKP", "crv": "Ed25519", "x": point, "kid": kid, "use": "sig", "alg": ALGORITHM}

    @property
    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(bytes(self.private))


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


PURPOSES = ("evaluation",)


@dataclass(frozen=True, slots=True)
class IssuedLink:
    link: str
    expires_at: datetime
