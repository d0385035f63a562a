"""Reads links by which somebody without a token may do one thing; notifications signs them.

A link says for what (`purpose`), for whom (`subject`), about what (`object`) and until when. Systems send it in a body. In
a letter it is the address of a page, since whoever gets it may have no JavaScript: services log no addresses, and each
link works once.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

import jwt

from shared.access.errors import Unauthenticated
from shared.access.tokens import key_of, parts_of
from shared.domain.errors import Invalid
from shared.kernel.message import Message
from shared.kernel.service import declared
from shared.kernel.settings.current import settings

ISSUER: Final = "score-notifications"
AUDIENCE: Final = "score-link"
ALGORITHM: Final = "EdDSA"
SIGNER: Final = "notifications"
KEYS_PATH: Final = "/v1/keys"
PAGES: Final = {  # the service and the path that a link of a purpose opens
    "evaluation": ("enrollment", "/evaluations"),
    "own-data": ("enrollment", "/my-data"),
    "visit": ("consulting", "/visit-confirmations"),
    "invoice": ("finance", "/my-invoices"),
    "unsubscribe": ("notifications", "/v1/unsubscriptions"),
    "calendar": ("notifications", "/v1/calendars"),
}
LONGEST: Final = 2_000
NOT_VALID: Final = Message("This link is not valid.")
EXPIRED: Final = Message("This link has expired.")


@dataclass(frozen=True, slots=True)
class Link:
    purpose: str
    subject_id: UUID
    object_id: UUID
    expires_at: datetime

    @property
    def used_id(self) -> UUID:
        """Return the id of this link's use, the same however often it is issued; it does not give away for whom it was."""
        link_bytes = f"{self.purpose}|{self.subject_id}|{self.object_id}".encode()
        return UUID(bytes=hashlib.sha256(link_bytes).digest()[:16])

    def claims(self, issued_at: datetime) -> dict[str, Any]:
        return {
            "iss": ISSUER, "aud": AUDIENCE, "purpose": self.purpose, "sub": str(self.subject_id), "obj": str(self.object_id),
            "iat": int(issued_at.timestamp()), "exp": int(self.expires_at.timestamp()),
        }  # fmt: skip


def read_link(signed: str, purpose: str, pointer: str) -> Link:
    """Return what a link allows. Raises `Invalid` at the pointer, and `Unavailable` when the keys cannot be fetched."""
    try:
        claims = _claims(signed)
        link = Link(
            purpose=claims["purpose"],
            subject_id=UUID(claims["sub"]),
            object_id=UUID(claims["obj"]),
            expires_at=datetime.fromtimestamp(claims["exp"], UTC),
        )
    except jwt.ExpiredSignatureError:
        raise Invalid(pointer, "link-expired", EXPIRED) from None
    except (jwt.InvalidTokenError, Unauthenticated, KeyError, ValueError, TypeError, AttributeError):
        raise Invalid(pointer, "link-not-valid", NOT_VALID) from None
    if link.purpose != purpose:
        raise Invalid(pointer, "link-not-valid", NOT_VALID)
    return link


def keys_url() -> str:
    """Return where the keys are: as configured, else at the address of notifications."""
    if settings().link_keys_url:
        return settings().link_keys_url
    return f"{address_of(SIGNER)}{KEYS_PATH}"


def page_of(purpose: str, signed: str) -> str:
    """Return the address that a person opens in a browser."""
    service, path = PAGES[purpose]
    return f"{address_of(service)}{path}/{signed}"


def address_of(name: str) -> str:
    """Return a service's public address: as configured, else the declared port on this machine."""
    configured = settings().addresses.get(name)
    port = next((service.port for service in declared() if service.name == name), None)
    return (configured or f"http://127.0.0.1:{port}").rstrip("/")


def _claims(signed: str) -> dict[str, Any]:
    header, _ = parts_of(signed)
    claims: dict[str, Any] = jwt.decode(
        signed,
        key_of(keys_url(), str(header.get("kid"))),
        algorithms=[ALGORITHM],
        audience=AUDIENCE,
        issuer=ISSUER,
        options={"require": ["exp", "iat", "sub", "aud", "iss"], "strict_aud": True},
    )
    return claims
