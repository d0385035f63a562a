"""Keys of the tests' own, the tokens and links that they sign: good ones, and every kind that must be refused."""

from __future__ import annotations

import base64
import json
import time
from codecs import BOM_UTF8
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from shared.access.signed_links import Link

KID, LINK_KID = "services", "links"
LINK_KEY = Ed25519PrivateKey.generate()
BOUND = {"provider": "institution", "trainer": "trainer", "enterprise": "enterprise", "sponsor": "sponsor"}
SOMEBODY = "018f0000-0000-7000-8000-0000000000ff"


class Tokens:
    def __init__(self, folder: Path) -> None:
        self._key = Ed25519PrivateKey.generate()
        self.jwks = folder / "jwks.json"
        self.jwks.write_text(json.dumps({"keys": [_public(self._key, KID), _public(LINK_KEY, LINK_KID)]}))

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

    header = json.dumps({"alg": "EdDSA", "kid": KID, "typ": "JWT"}).encode()

    def by_hand(self, header: bytes, claims: bytes) -> str:
        """Sign what no library would write."""
        text = f"{_encoded(header)}.{_encoded(claims)}"
        return f"{text}.{_encoded(self._key.sign(text.encode()))}"

    def headers(self, role: str, /, **changes: Any) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.signed(role, **changes)}"}

    def refused(self, role: str) -> dict[str, dict[str, str]]:
        """Headers that must all be answered alike, by what is wrong with them."""
        past = int(time.time()) - 3600
        unsigned = jwt.encode({"sub": "x", "role": role}, None, "none", headers={"kid": KID})
        whole = json.loads(base64.urlsafe_b64decode(self.signed(role).split(".")[1] + "=="))
        wrong = {
            "of an absurd lifetime": self.by_hand(self.header, json.dumps({**whole, "exp": 10**400}).encode()),
            "beyond the calendar": self.by_hand(self.header, json.dumps({**whole, "exp": 10**12}).encode()),
            "marked": self.by_hand(BOM_UTF8 + self.header, json.dumps(whole).encode()),
            "of half a character": self.by_hand(self.header, json.dumps({**whole, "sub": "\ud800"}).encode()),
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


def signed_link(
    subject_id: UUID, object_id: UUID, *, purpose: str = "evaluation", seconds: int = 600, **more: Any
) -> str:
    """A link as notifications would sign it. `key` and `aud` make one that must be refused."""
    now = datetime.now(UTC)
    link = Link(purpose, subject_id, object_id, now + timedelta(seconds=seconds))
    claims = {**link.claims(now), **{name: value for name, value in more.items() if name != "key"}}
    return jwt.encode(claims, more.get("key", LINK_KEY), "EdDSA", headers={"kid": LINK_KID})


def _encoded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


def _public(key: Ed25519PrivateKey, kid: str) -> dict[str, str]:
    raw = _encoded(key.public_key().public_bytes_raw())
    return {"kty": "OKP", "crv": "Ed25519", "x": raw, "kid": kid, "use": "sig", "alg": "EdDSA"}
