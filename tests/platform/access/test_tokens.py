"""Tokens: only good ones count, and a refusal never says why."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from codecs import BOM_UTF8
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from flask.testing import FlaskClient

from shared.access import tokens
from tests.support.applications import asking
from tests.support.callers import ALPHA, KID, Callers

URL = "/v1/workshops"


def now() -> int:
    return int(time.time())  # asked when a test runs: that may be long after this file was read


def part(document: Any) -> str:
    raw = document if isinstance(document, bytes) else json.dumps(document).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def signed(callers: Callers, header: Any, payload: Any) -> str:
    text = f"{part(header)}.{part(payload)}"
    return f"{text}.{part(callers.key.sign(text.encode()))}"


def hs(callers: Callers, secret: bytes) -> str:
    text = f"{part({'alg': 'HS256', 'kid': KID, 'typ': 'JWT'})}.{part(callers.claims())}"
    return f"{text}.{part(hmac.new(secret, text.encode(), hashlib.sha256).digest())}"


def altered(token: str) -> str:
    header, _, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(token.split(".")[1] + "=="))
    return f"{header}.{part({**claims, 'role': 'programme'})}.{signature}"


GOOD_HEADER = {"alg": "EdDSA", "kid": KID, "typ": "JWT"}
ATTACKS: dict[str, Callable[[Callers], str]] = {
    "empty": lambda _: "",
    "garbage": lambda _: "abc",
    "two dots": lambda _: "..",
    "four parts": lambda c: c.token() + ".x",
    "not base64": lambda _: "é.é.é",
    "none": lambda c: f"{part({'alg': 'none', 'kid': KID})}.{part(c.claims())}.",
    "None": lambda c: f"{part({'alg': 'NonE', 'kid': KID})}.{part(c.claims())}.",
    "no signature": lambda c: c.token().rsplit(".", 1)[0] + ".",
    "altered claims": lambda c: altered(c.token()),
    "altered signature": lambda c: c.token()[:-6] + "AAAAAA",
    "public key as secret": lambda c: hs(c, c.key.public_key().public_bytes_raw()),
    "JWK as secret": lambda c: hs(c, json.dumps(c.jwk).encode()),
    "JWKS as secret": lambda c: hs(c, c.jwks.read_bytes()),
    "empty secret": lambda c: hs(c, b""),
    "other key": lambda c: jwt.encode(c.claims(), Ed25519PrivateKey.generate(), "EdDSA", headers={"kid": KID}),
    "RSA under an Ed25519 id": lambda c: jwt.encode(
        c.claims(), rsa.generate_private_key(65537, 2048), "RS256", headers={"kid": KID}
    ),
    "EC under an Ed25519 id": lambda c: jwt.encode(
        c.claims(), ec.generate_private_key(ec.SECP256R1()), "ES256", headers={"kid": KID}
    ),
    "header says RS256": lambda c: signed(c, {**GOOD_HEADER, "alg": "RS256"}, c.claims()),
    "header says PS256": lambda c: signed(c, {**GOOD_HEADER, "alg": "PS256"}, c.claims()),
    "no alg": lambda c: signed(c, {"kid": KID}, c.claims()),
    "no kid": lambda c: jwt.encode(c.claims(), c.key, "EdDSA"),
    "unknown kid": lambda c: c.token(headers={"kid": "other"}),
    "kid is a path": lambda c: c.token(headers={"kid": "../../dev/null"}),
    "kid is a number": lambda c: signed(c, {**GOOD_HEADER, "kid": 1}, c.claims()),
    "kid is a list": lambda c: signed(c, {**GOOD_HEADER, "kid": [KID]}, c.claims()),
    "jku": lambda c: c.token(headers={"jku": "https://evil.example.org/jwks.json"}),
    "x5u": lambda c: c.token(headers={"x5u": "https://evil.example.org/cert"}),
    "embedded jwk": lambda c: c.token(headers={"jwk": c.jwk}),
    "crit": lambda c: c.token(headers={"crit": ["exp"]}),
    "b64 false": lambda c: signed(c, {**GOOD_HEADER, "b64": False}, c.claims()),
    "other typ": lambda c: c.token(headers={"typ": "dpop+jwt"}),
    "typ is a number": lambda c: signed(c, {**GOOD_HEADER, "typ": 1}, c.claims()),
    "header is a list": lambda c: signed(c, [], c.claims()),
    "claims are a list": lambda c: signed(c, GOOD_HEADER, []),
    "claims are deep": lambda c: signed(c, GOOD_HEADER, b"[" * 3000),
    "repeated header": lambda c: signed(c, b'{"alg":"EdDSA","kid":"test-key","kid":"test-key"}', c.claims()),
    "repeated claim": lambda c: signed(c, GOOD_HEADER, json.dumps(c.claims()).encode()[:-1] + b',"role":"programme"}'),
    "wrong issuer": lambda c: c.token(iss="other"),
    "issuer is a list": lambda c: signed(c, GOOD_HEADER, {**c.claims(), "iss": ["score-embedded"]}),
    "no issuer": lambda c: c.token(iss=None),
    "wrong audience": lambda c: c.token(aud="billing"),
    "several audiences": lambda c: c.token(aud=["score", "billing"]),
    "no audience": lambda c: c.token(aud=None),
    "expired": lambda c: c.token(exp=now() - 60),
    "no expiry": lambda c: c.token(exp=None),
    "expiry is a text": lambda c: signed(c, GOOD_HEADER, {**c.claims(), "exp": "tomorrow"}),
    "endless expiry": lambda c: signed(c, GOOD_HEADER, json.dumps({**c.claims(), "exp": float("inf")}).encode()),
    "expiry beyond all numbers": lambda c: signed(c, GOOD_HEADER, {**c.claims(), "exp": 10**400}),
    "expiry beyond the calendar": lambda c: signed(c, GOOD_HEADER, {**c.claims(), "exp": 253_402_300_800}),
    "expiry is a large float": lambda c: signed(c, GOOD_HEADER, {**c.claims(), "exp": 1e300}),
    "expiry is true": lambda c: signed(c, GOOD_HEADER, {**c.claims(), "exp": True}),
    "expiry is a text of digits": lambda c: signed(c, GOOD_HEADER, {**c.claims(), "exp": "9999999999"}),
    "issued before all times": lambda c: signed(c, GOOD_HEADER, {**c.claims(), "iat": -(10**400)}),
    "valid from no number": lambda c: signed(c, GOOD_HEADER, {**c.claims(), "nbf": float("nan")}),
    "a mark before the header": lambda c: signed(c, BOM_UTF8 + json.dumps(GOOD_HEADER).encode(), c.claims()),
    "a mark before the claims": lambda c: signed(c, GOOD_HEADER, BOM_UTF8 + json.dumps(c.claims()).encode()),
    "header in UTF-16": lambda c: signed(c, json.dumps(GOOD_HEADER).encode("utf-16"), c.claims()),
    "claims in UTF-32": lambda c: signed(c, GOOD_HEADER, json.dumps(c.claims()).encode("utf-32")),
    "header is deep": lambda c: signed(c, b'{"alg":"EdDSA","kid":"test-key","typ":' + b"[" * 2000, c.claims()),
    "subject is half a character": lambda c: signed(c, GOOD_HEADER, {**c.claims(), "sub": "\ud800"}),
    "subject holds a NUL": lambda c: signed(c, GOOD_HEADER, {**c.claims(), "sub": "a\0b"}),
    "not yet": lambda c: c.token(nbf=now() + 600),
    "issued in the future": lambda c: c.token(iat=now() + 600),
    "no issue time": lambda c: c.token(iat=None),
    "no subject": lambda c: c.token(sub=None),
    "empty subject": lambda c: c.token(sub=""),
    "long subject": lambda c: c.token(sub="s" * 256),
    "subject is a number": lambda c: signed(c, GOOD_HEADER, {**c.claims(), "sub": 5}),
    "no role": lambda c: signed(c, GOOD_HEADER, {k: v for k, v in c.claims().items() if k != "role"}),
    "unknown role": lambda c: signed(c, GOOD_HEADER, {**c.claims(), "role": "system"}),
    "role is a list": lambda c: signed(c, GOOD_HEADER, {**c.claims(), "role": ["provider"]}),
    "provider without institution": lambda c: c.token(institution=None),
    "trainer without trainer": lambda c: c.token("trainer"),
    "enterprise without enterprise": lambda c: c.token("enterprise"),
    "sponsor without sponsor": lambda c: c.token("sponsor"),
    "institution is no id": lambda c: c.token(institution="alpha"),
    "institution is an operator": lambda c: signed(c, GOOD_HEADER, {**c.claims(), "institution": {"$ne": None}}),
    "bad province": lambda c: c.token(province="Java"),
    "huge": lambda c: c.token(padding="x" * 9000),
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
def test_a_bad_token_is_refused_and_nobody_learns_why(
    client: FlaskClient, callers: Callers, attack: Callable[[Callers], str]
) -> None:
    refused = client.get(URL, headers={"Authorization": f"Bearer {attack(callers)}".encode().decode("latin-1")})
    missing = client.get(URL)
    assert refused.status_code == 401, refused.text
    assert refused.headers["WWW-Authenticate"] == missing.headers["WWW-Authenticate"] == 'Bearer realm="score"'
    assert {**refused.json, "request_id": ""} == {**missing.json, "request_id": ""}


@pytest.mark.parametrize("header", ["", "Basic YTpi", "Bearer", "bearer ", "Token x", "Bearer a b"])
def test_another_scheme_is_no_token(client: FlaskClient, header: str) -> None:
    assert client.get(URL, headers={"Authorization": header}).status_code == 401


def test_a_cookie_is_no_token(client: FlaskClient, callers: Callers) -> None:
    client.set_cookie("score_token", callers.token())
    assert client.get(URL).status_code == 401


def test_a_clock_may_be_half_a_minute_wrong(client: FlaskClient, callers: Callers) -> None:
    late = callers.headers(exp=int(time.time()) - 10)
    assert client.get(URL, headers=late).status_code == 200


def test_claims_become_the_principal(configured: None, application: Flask, callers: Callers) -> None:
    trainer = "018f0000-0000-7000-8000-0000000000cc"
    with application.app_context():
        principal = tokens.principal_of(callers.token("trainer", trainer=trainer, province="ID-JB", name="Sari"))
    assert (principal.role, str(principal.trainer), principal.province) == ("trainer", trainer, "ID-JB")
    assert (principal.subject, principal.issuer, principal.name) == ("trainer-1", "score-embedded", "Sari")


def test_an_operation_without_the_role_answers_403(client: FlaskClient, callers: Callers) -> None:
    refused = client.get(URL, headers=callers.headers("donor"))
    assert (refused.status_code, refused.json["type"]) == (403, "/problems/forbidden")


@pytest.fixture
def suspended(app: Flask, monkeypatch: pytest.MonkeyPatch) -> set[Any]:
    blocked: set[Any] = set()
    checks = asking(app, is_suspended=lambda principal: principal.institution in blocked)
    monkeypatch.setitem(app.extensions, tokens.CHECKS, checks)
    return blocked


def test_a_suspended_institution_is_out(client: FlaskClient, callers: Callers, suspended: set[Any]) -> None:
    assert client.get(URL, headers=callers.headers()).status_code == 200
    suspended.add(ALPHA)
    assert client.get(URL, headers=callers.headers()).status_code == 401


def test_a_new_key_is_found_and_a_lost_key_file_is_not_the_callers_fault(client: FlaskClient, callers: Callers) -> None:
    client.get(URL, headers=callers.headers())
    keys = tokens._keys(callers.jwks.as_uri())
    kept = callers.jwks.read_text()
    try:
        callers.jwks.unlink()
        keys.jwk_set_cache.put(None) if keys.jwk_set_cache else None
        tokens._keys.cache_clear()
        gone = client.get(URL, headers=callers.headers(sub="not verified before"))
        assert (gone.status_code, gone.json["type"]) == (503, "/problems/unavailable")
        assert gone.headers["Retry-After"]
    finally:
        callers.jwks.write_text(kept)
        tokens._keys.cache_clear()
    assert client.get(URL, headers=callers.headers()).status_code == 200


def test_a_token_that_was_accepted_ends_with_its_lifetime(client: FlaskClient, callers: Callers) -> None:
    ending = callers.headers(exp=int(time.time()) - tokens.LEEWAY_SECONDS + 4)
    assert client.get(URL, headers=ending).status_code == 200
    until = time.monotonic() + 30
    while client.get(URL, headers=ending).status_code == 200:
        assert time.monotonic() < until
    assert client.get(URL, headers=ending).status_code == 401
