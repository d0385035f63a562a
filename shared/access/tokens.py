"""Makes a bearer token a principal, or raises `Unauthenticated`: one answer for every reason.

Only EdDSA, RS256 and ES256, only keys of the configured JWKS, only accepted issuers, audience `score`, a subject and a
lifetime, and the claims that the role needs. Nothing in a token says where keys are (`jku`, `x5u`, `jwk` are refused).
Keys are cached; an unknown key id fetches them again at most every 30 seconds. When they cannot be fetched at all the
answer is `Unavailable`, since the token may be good. A token that was found good is not verified again for a minute at
most; its expiry, and whether its bearer has signed out, are looked at each time.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import urlsplit
from urllib.request import url2pathname
from uuid import UUID

import jwt
from flask import Flask, Request, current_app
from jwt.utils import base64url_decode

from shared.access.errors import Unauthenticated
from shared.access.permissions import ROLES
from shared.kernel.errors import Unavailable
from shared.kernel.principal import Principal
from shared.kernel.settings.current import settings

AUDIENCE: Final = "score"
CHECKS: Final = "score.token_checks"
ALGORITHMS: Final = ("EdDSA", "RS256", "ES256")
LEEWAY_SECONDS: Final = 30
LONGEST_TOKEN: Final = 8 * 1024
LONGEST_SUBJECT: Final = 255  # OpenID Connect's limit
PARTS: Final = 3
LAST_MOMENT: Final = 253_402_300_800  # the year 10000 begins, which no date of ours can be in
JWKS_TIMEOUT_SECONDS: Final = 5
VERIFIED_SECONDS: Final = 60
VERIFIED_TOKENS: Final = 1_000
NEEDED: Final = {"provider": "institution", "trainer": "trainer", "enterprise": "enterprise", "sponsor": "sponsor"}
_HEADER_FIELDS: Final = frozenset({"alg", "kid", "typ"})
_MOMENTS: Final = ("exp", "iat", "nbf")
_TYPES: Final = frozenset({"jwt", "at+jwt"})
_PROVINCE: Final = re.compile(r"ID-[A-Z]{2}")


class Ended(Protocol):
    """The tokens that ended before they expired."""

    def holds(self, token: str) -> bool: ...

    def add(self, token: str, expires_at: float) -> None: ...


@dataclass(frozen=True)
class TokenChecks:
    """Asks about a good token what it does not say itself; an application is not made without, so that none is forgotten."""

    is_suspended: Callable[[Principal], bool]  # whether somebody's institution is, or the trainer is erased
    kept_enterprise: Callable[[UUID], UUID]  # which enterprise stands for one that was merged
    ended: Ended  # whose bearer has signed out


def install(app: Flask, checks: TokenChecks) -> None:
    app.extensions[CHECKS] = checks


def principal_of_request(request: Request) -> Principal:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise Unauthenticated("no bearer token")
    return principal_of(token.strip())


def principal_of(token: str) -> Principal:
    """Return whom a token stands for. Raises `Unauthenticated`, and `Unavailable` when the keys cannot be fetched."""
    principal, expires_at = _known(token)
    if time.time() >= expires_at + LEEWAY_SECONDS:
        raise Unauthenticated("ExpiredSignatureError")
    checks = _checks()
    if checks.ended.holds(token):
        raise Unauthenticated("signed out")
    if checks.is_suspended(principal):
        raise Unauthenticated("institution suspended, or trainer erased")
    if principal.enterprise is not None:
        return replace(principal, enterprise=checks.kept_enterprise(principal.enterprise))
    return principal


def end(token: str) -> None:
    """Refuse a token from now on, where it is a good one, since its bearer has signed out."""
    with suppress(Unauthenticated, Unavailable):
        _, expires_at = _known(token)
        _checks().ended.add(token, expires_at + LEEWAY_SECONDS)


def _checks() -> TokenChecks:
    checks: TokenChecks = current_app.extensions[CHECKS]
    return checks


def _known(token: str) -> tuple[Principal, float]:
    config, slot = settings(), int(time.monotonic() / VERIFIED_SECONDS)
    return _verified(token, config.jwks_url, config.token_issuers, slot)


@lru_cache(maxsize=VERIFIED_TOKENS)
def _verified(token: str, jwks_url: str, issuers: tuple[str, ...], slot: int) -> tuple[Principal, float]:
    """Return whom a token stands for and when it expires; asked anew in each `slot` of time."""
    del slot
    claims = _claims(token, jwks_url, issuers)
    return _principal(claims), float(claims["exp"])


def _claims(token: str, jwks_url: str, issuers: tuple[str, ...]) -> dict[str, Any]:
    header, _ = parts_of(token)
    kid, kind = header.get("kid"), header.get("typ", "JWT")
    if header.keys() - _HEADER_FIELDS or header.get("alg") not in ALGORITHMS or not isinstance(kid, str):
        raise Unauthenticated("header")
    if not isinstance(kind, str) or kind.lower() not in _TYPES:
        raise Unauthenticated("type")
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            key_of(jwks_url, kid),
            algorithms=list(ALGORITHMS),
            audience=AUDIENCE,
            issuer=list(issuers),
            leeway=LEEWAY_SECONDS,
            options={"require": ["exp", "iat", "sub", "aud", "iss"], "strict_aud": True},
        )
    except jwt.InvalidTokenError as refused:
        raise Unauthenticated(type(refused).__name__) from None
    return claims


def _principal(claims: dict[str, Any]) -> Principal:
    role, subject, province, name = (claims.get(claim) for claim in ("role", "sub", "province", "name"))
    if not isinstance(role, str) or role not in ROLES:
        raise Unauthenticated("role")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT or not subject.isprintable():
        raise Unauthenticated("subject")
    if province is not None and not (isinstance(province, str) and _PROVINCE.fullmatch(province)):
        raise Unauthenticated("province")
    bound = {claim: _identifier(claims.get(claim)) for claim in ("institution", "trainer", "enterprise", "sponsor")}
    if role in NEEDED and bound[NEEDED[role]] is None:
        raise Unauthenticated(f"{role} without {NEEDED[role]}")
    return Principal(
        subject=subject,
        role=role,
        issuer=claims["iss"],
        province=province,
        name=name[:200] if isinstance(name, str) and name.isprintable() else "",
        **bound,
    )


def _identifier(value: Any) -> UUID | None:
    if value is None:
        return None
    try:
        return UUID(value)
    except (ValueError, TypeError, AttributeError):
        raise Unauthenticated("not an id") from None


def parts_of(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the header and the claims of a token, strictly decoded and not verified."""
    if len(token) > LONGEST_TOKEN or token.count(".") != PARTS - 1 or not token.isascii():
        raise Unauthenticated("not a token")
    header, claims, _ = token.split(".")
    decoded = _strict_object(header), _strict_object(claims)
    if not all(_is_moment(decoded[1][claim]) for claim in _MOMENTS if claim in decoded[1]):
        raise Unauthenticated("not a time")
    return decoded


def _is_moment(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < LAST_MOMENT


def _strict_object(part: str) -> dict[str, Any]:
    """Return a part of a token, decoded; a repeated name could mean one thing here and another there, so it is refused."""

    def without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        members = dict(pairs)
        if len(members) != len(pairs):
            raise ValueError("repeated name")
        return members

    try:
        text = base64url_decode(part).decode("utf-8")  # as RFC 7519 says, and without a mark before it
        decoded = json.loads(text, object_pairs_hook=without_repeats)
    except (ValueError, RecursionError):
        raise Unauthenticated("not a token") from None
    if not isinstance(decoded, dict):
        raise Unauthenticated("not a token")
    return decoded


class _Keys(jwt.PyJWKClient):
    """Keys behind an address, or in the file of the embedded run, which PyJWT's client does not read."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.file = Path(url2pathname(parts.path)) if parts.scheme == "file" else None
        super().__init__(
            "https://file.invalid/" if self.file else url, cache_jwk_set=True, timeout=JWKS_TIMEOUT_SECONDS
        )

    def fetch_data(self) -> Any:
        if self.file is None:
            return super().fetch_data()
        try:
            key_set = json.loads(self.file.read_bytes())
        except (OSError, ValueError) as missing:
            raise jwt.PyJWKClientConnectionError(f"{self.file.name}: {missing}") from missing
        return key_set


def key_of(url: str, kid: str) -> jwt.PyJWK:
    """Return a public key of the set behind an address. Raises `Unauthenticated`, or `Unavailable` when it cannot be fetched."""
    if not url:
        raise Unauthenticated("no keys configured")
    try:
        return _keys(url).get_signing_key(kid)
    except jwt.PyJWKClientConnectionError as unreachable:
        raise Unavailable("signing keys") from unreachable
    except (jwt.PyJWKClientError, jwt.PyJWKSetError):
        raise Unauthenticated("unknown key") from None


@cache
def _keys(url: str) -> _Keys:
    return _Keys(url)
