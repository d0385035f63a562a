"""The key that signs links. Made once by a migration; its public half is given out, the private one lies sealed and never leaves.

Links go out in letters and no other way: who could have those of others would know what the last of them answered.
"""

from __future__ import annotations

import base64
import hashlib
import json
from datetime import datetime
from typing import ClassVar, Self

import jwt
import mongoengine as me
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.access.signed_links import ALGORITHM, Link
from shared.domain.aggregate import StoredDocument
from shared.domain.sealing import Sealed, SealingKeys, opened, sealed
from shared.kernel import ids
from shared.kernel.principal import Principal
from shared.storage.row_scope import Scope

LINKS = ids.derived("signing-key", "links")


class SigningKey(StoredDocument):
    meta: ClassVar[dict[str, object]] = {"collection": "signing_keys"}

    sealed_private = me.EmbeddedDocumentField(Sealed, required=True)

    @classmethod
    def row_scope(cls, principal: Principal) -> Scope | None:
        """Return no scope for anybody: only signing reads a private key, as the system."""
        del principal
        return None

    @classmethod
    def made(cls, keys: SealingKeys) -> Self:
        raw = Ed25519PrivateKey.generate().private_bytes_raw()
        return cls(id=LINKS, sealed_private=sealed(raw, LINKS, keys))

    def private_key(self, keys: SealingKeys) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(opened(self.sealed_private, self.id, keys))

    def sign(self, link: Link, issued_at: datetime, keys: SealingKeys) -> str:
        kid = self.public(keys)["kid"]
        return jwt.encode(link.claims(issued_at), self.private_key(keys), ALGORITHM, headers={"kid": kid})

    def public(self, keys: SealingKeys) -> dict[str, str]:
        """Return the public half as a JWK, named by its RFC 7638 thumbprint."""
        point = _base64url(self.private_key(keys).public_key().public_bytes_raw())
        thumbprint = json.dumps({"crv": "Ed25519", "kty": "OKP", "x": point}, separators=(",", ":"), sort_keys=True)
        kid = _base64url(hashlib.sha256(thumbprint.encode()).digest())
        return {"kty": "OKP", "crv": "Ed25519", "x": point, "kid": kid, "use": "sig", "alg": ALGORITHM}


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")
