"""Callers of the workshop service: a signing key, tokens, and headers that carry them."""

from __future__ import annotations

import base64
import json
import time
from pathlib import Path
from typing import Any
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

KID = "test-key"

ALPHA = UUID("018f0000-0000-7000-8000-00000000000a")

BETA = UUID("018f0000-0000-7000-8000-00000000000b")


class Callers:
    """Tokens, and headers that carry them."""

    def __init__(self, folder: Path) -> None:
        self.key = Ed25519PrivateKey.generate()
        raw = base64.urlsafe_b64encode(self.key.public_key().public_bytes_raw()).rstrip(b"=").decode()
        self.jwk = {"kty": "OKP", "crv": "Ed25519", "x": raw, "kid": KID, "use": "sig", "alg": "EdDSA"}
        self.jwks = folder / "jwks.json"
        self.jwks.write_text(json.dumps({"keys": [self.jwk]}))

    def claims(self, role: str = "provider", **changes: Any) -> dict[str, Any]:
        now = int(time.time())
        made = {"iss": "score-embedded", "aud": "score", "sub": f"{role}-1", "role": role, "iat": now, "exp": now + 600}
        if role == "provider":
            made["institution"] = str(ALPHA)
        made.update(changes)
        return {name: value for name, value in made.items() if value is not None}

    def token(self, role: str = "provider", *, headers: dict[str, Any] | None = None, **changes: Any) -> str:
        return jwt.encode(self.claims(role, **changes), self.key, "EdDSA", headers={"kid": KID, **(headers or {})})

    def headers(self, role: str = "provider", **changes: Any) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token(role, **changes)}"}
