"""The embedded run's own tokens: a key pair made once, and tokens signed with it.

Stands in for an identity provider on one machine only: every function refuses when the platform is configured to
listen beyond loopback or for production. The private key is readable by its owner alone.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import secrets
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.kernel import clock, ids
from shared.kernel.settings.access import EMBEDDED_ISSUER
from shared.kernel.settings.current import settings

ISSUER, AUDIENCE = EMBEDDED_ISSUER, "score"
ROLES = (
    "programme", "ministry", "partner", "provider", "trainer", "enterprise", "sponsor", "donor", "finance", "auditor",
)  # fmt: skip
NEEDS = {"provider": "institution", "trainer": "trainer", "enterprise": "enterprise", "sponsor": "sponsor"}
IDS = ("institution", "trainer", "enterprise", "sponsor", "province")


class NotLoopback(RuntimeError):
    """Tokens of the embedded run were asked for on a platform that others can reach."""


class IdMissing(ValueError):
    """A role was asked for without the id that binds it."""


class KeyMissing(RuntimeError):
    """No stack has run on this data folder yet."""


@dataclass(frozen=True, slots=True)
class Claims:
    """The claims of a token. `subject` defaults to the id the role is bound to, so that repeated tokens are one person."""

    role: str
    subject: str | None = None
    institution: str | None = None
    trainer: str | None = None
    enterprise: str | None = None
    sponsor: str | None = None
    province: str | None = None
    name: str | None = None


def refuse_beyond_loopback() -> None:
    if settings().production or not settings().loopback:
        raise NotLoopback(
            "the embedded run's tokens exist only on loopback: SCORE_BIND or SCORE_PROFILE says that others can reach "
            "this platform; use your identity provider's tokens (SCORE_JWKS_URL)"
        )


def make_keys(folder: Path) -> None:
    """Make signing.pem, jwks.json and cookie.secret where they do not exist yet."""
    refuse_beyond_loopback()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    private = folder / "signing.pem"
    if not private.exists():
        pem = Ed25519PrivateKey.generate().private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        _write_private(private, pem)
    (folder / "jwks.json").write_text(json.dumps({"keys": [_public_jwk(private)]}, indent=2) + "\n", encoding="utf-8")
    if not (folder / "cookie.secret").exists():
        _write_private(folder / "cookie.secret", secrets.token_hex(32).encode())


def _write_private(path: Path, content: bytes) -> None:
    """Write a file complete or not at all, and never readable by others."""
    unfinished = path.with_suffix(".tmp")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(content)
    unfinished.replace(path)


def _public_jwk(private: Path) -> dict[str, str]:
    point = _base64url(_private_key(private).public_key().public_bytes_raw())
    thumbprint = json.dumps({"crv": "Ed25519", "kty": "OKP", "x": point}, separators=(",", ":"), sort_keys=True)
    kid = _base64url(hashlib.sha256(thumbprint.encode()).digest())  # RFC 7638: the same key always has the same name
    return {"kty": "OKP", "crv": "Ed25519", "x": point, "kid": kid, "use": "sig", "alg": "EdDSA"}


def _base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _private_key(path: Path) -> Ed25519PrivateKey:
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except FileNotFoundError as absent:
        raise KeyMissing(f"there is no signing key at {path}: run `score up` once with this data folder") from absent
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyMissing(f"{path} is not an Ed25519 key")
    return key


def mint(claims: Claims, folder: Path, ttl: timedelta = timedelta(hours=12)) -> str:
    """Sign a bare token. Raises `IdMissing`, `KeyMissing` or `NotLoopback`."""
    refuse_beyond_loopback()
    if claims.role not in ROLES:
        raise IdMissing(f"there is no role {claims.role!r}; choose one of {', '.join(ROLES)}")
    needed = NEEDS.get(claims.role)
    if needed and getattr(claims, needed) is None:
        raise IdMissing(f"the role {claims.role} needs --{needed} <id>")
    bound = {name: value for name in IDS if (value := getattr(claims, name)) is not None}
    now = clock.now()
    subject = claims.subject or ":".join([claims.role, *bound.values()])
    named = {"name": claims.name} if claims.name else {}
    payload = {
        "iss": ISSUER, "aud": AUDIENCE, "sub": subject, "role": claims.role, "iat": int(now.timestamp()),
        "exp": int((now + ttl).timestamp()), "jti": str(ids.new()), **bound, **named,
    }  # fmt: skip
    private = folder / "signing.pem"
    return jwt.encode(payload, _private_key(private), algorithm="EdDSA", headers={"kid": _public_jwk(private)["kid"]})
