"""Reads the sample people of the embedded run, and signs tokens in their name.

Refuses to exist where it could be abused: in production, on an address beyond loopback, or when the people file or
the signing key is not set. The token has the claims of `score token`.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from jwt.algorithms import OKPAlgorithm

from shared.kernel import clock, ids
from shared.kernel.settings.current import settings

ISSUER = "score-embedded"
AUDIENCE = "score"
CLAIMS = ("institution", "trainer", "enterprise", "sponsor", "province")


@dataclass(frozen=True, slots=True)
class SamplePerson:
    subject: str
    name: str
    role: str
    description: Mapping[str, str]
    claims: Mapping[str, str]


def sample_people() -> tuple[SamplePerson, ...]:
    config = settings()
    if config.production or not config.loopback or not config.people_file or not config.signing_key:
        return ()
    people, key = Path(config.people_file), Path(config.signing_key)
    return _read_people(people, people.stat().st_mtime_ns) if people.is_file() and key.is_file() else ()


def token_for(person: SamplePerson, lifetime: timedelta) -> str:
    issued = clock.now()
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": person.subject,
        "role": person.role,
        "name": person.name,
        "jti": str(ids.new()),
        "iat": issued,
        "exp": issued + lifetime,
        **person.claims,
    }
    key = load_pem_private_key(Path(settings().signing_key).read_bytes(), password=None)
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError("the signing key is not an Ed25519 key")
    return jwt.encode(claims, key, algorithm="EdDSA", headers={"kid": _key_id(key)})


def _key_id(key: Ed25519PrivateKey) -> str:
    """Return the key's RFC 7638 thumbprint, under which the JWKS lists it."""
    public = OKPAlgorithm.to_jwk(key.public_key(), as_dict=True)
    members = json.dumps({name: public[name] for name in ("crv", "kty", "x")}, separators=(",", ":"), sort_keys=True)
    return base64.urlsafe_b64encode(hashlib.sha256(members.encode()).digest()).rstrip(b"=").decode()


@cache
def _read_people(path: Path, _changed: int) -> tuple[SamplePerson, ...]:
    return tuple(_person(row) for row in json.loads(path.read_text(encoding="utf-8")))


def _person(row: Mapping[str, Any]) -> SamplePerson:
    return SamplePerson(
        subject=str(row.get("sub") or row["name"].lower().replace(" ", ".")),
        name=row["name"],
        role=row["role"],
        description=row.get("description", {}),
        claims={name: str(row[name]) for name in CLAIMS if row.get(name)},
    )
