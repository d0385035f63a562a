"""A key of the tests' own, and tokens that it signs: good ones, and every kind that must be refused."""

from __future__ import annotations

import base64
import json
import time
from pathlib import Path
from typing import Any
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

KID = "services"
BOUND = {"provider": "institution", "trainer": "trainer", "enterprise": "enterprise", "sponsor": "sponsor"}
SOMEBODY = "018f0000-0000-7000-8000-0000000000ff"


class Tokens:
    def __init__(self, folder: Path) -> None:
        self._key = Ed25519PrivateKey.generate()
        self.jwks = folder / "jwks.json"
        self.jwks.write_text(json.dumps({"keys": [self._public()]}))

    def signed(self, role: str, /, *, key: Ed25519PrivateKey | None = None, **changes: Any) -> str:
        now = int(time.time())
        claims: dict[str, Any] = {
            "iss": "score-embedded", "aud": "score", "sub": f"{role}-1", "role": role, "iat": now, "exp": now + 600,
        }  # fmt: skip
        if role in BOUND:
            claims[BOUND[role]] = SOMEBODY
        claims |= {name: str(value) if isinstance(value, UUID) else value for name, value in changes.items()}
        present = {name: value for name, value in claims.items() if value is not None}
        return jwt.encode(present, key or self._key, "EdDSA", headers={"kid": KID})

    def headers(self, role: str, /, **changes: Any) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.signed(role, **changes)}"}

    def refused(self, role: str) -> dict[str, dict[str, str]]:
        """Headers that must all be answered alike, by what is wrong with them."""
        past = int(time.time()) - 3600
        unsigned = jwt.encode({"sub": "x", "role": role}, None, "none", headers={"kid": KID})
        wrong = {
            "expired": self.signed(role, iat=past - 600, exp=past),
            "forged": self.signed(role, key=Ed25519PrivateKey.generate()),
            "unsigned": unsigned,
            "cut": self.signed(role)[:-4],
            "another audience": self.signed(role, aud="elsewhere"),
            "another issuer": self.signed(role, iss="elsewhere"),
            "without a subject": self.signed(role, sub=None),
            "without a role": self.signed(role, role=None),
            "an unknown role": self.signed(role, role="system"),
            "garbage": "a.b.c",
        }
        if role in BOUND:
            wrong["not bound"] = self.signed(role, **{BOUND[role]: None})
        found = {name: {"Authorization": f"Bearer {token}"} for name, token in wrong.items()}
        return {"missing": {}, "basic": {"Authorization": "Basic c2FyaTpzYXJp"}, **found}

    def _public(self) -> dict[str, str]:
        raw = base64.urlsafe_b64encode(self._key.public_key().public_bytes_raw()).rstrip(b"=").decode()
        return {"kty": "OKP", "crv": "Ed25519", "x": raw, "kid": KID, "use": "sig", "alg": "EdDSA"}
