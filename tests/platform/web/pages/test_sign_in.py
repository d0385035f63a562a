"""Signing in and out: sample people on one machine only, pasted tokens, and nowhere else to go than this host."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt
import pytest

from shared.kernel.settings.current import settings


def csrf_of(page):
    return re.search(r'name="_csrf" value="([0-9a-f]{64})"', page.text)[1]


def csrf(client, path="/signin"):
    return csrf_of(client.get(path))


def choose(client, person="sari", target="/enterprises"):
    return client.post("/signin/sample", data={"person": person, "next": target, "_csrf": csrf(client)})


def cookie_of(answer, name="score_token"):
    return next(line for line in reversed(answer.headers.getlist("Set-Cookie")) if line.startswith(f"{name}="))


def test_choosing_a_sample_person_signs_in_and_leads_back(client):
    assert "Sari Wulandari" in client.get("/signin").text
    answer = choose(client)
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/enterprises"
    cookie = cookie_of(answer)
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie, "one host, every port"
    assert "Secure" not in cookie
    assert "Sari Wulandari" in client.get("/enterprises").text


def test_over_https_a_cookie_is_of_this_host_alone(client, token):
    there = {"base_url": "https://localhost"}
    page = client.get("/signin?lang=en", **there)
    sent = {"person": "sari", "_csrf": csrf_of(page)}
    answer = client.post("/signin/sample", data=sent, **there)
    cookies = [*page.headers.getlist("Set-Cookie"), *answer.headers.getlist("Set-Cookie")]
    assert {line.split("=")[0] for line in cookies} == {f"__Host-score_{name}" for name in ("lang", "visit", "token")}
    for line in cookies:
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(line.split("; ")), line
        assert "Domain" not in line
    assert client.get("/enterprises", **there).status_code == 200
    assert client.get("/enterprises").status_code == 303, "not without https"
    client.post("/signout", data={"_csrf": csrf_of(client.get("/enterprises", **there))}, **there)
    assert client.get("/enterprises", **there).status_code == 303
    client.set_cookie("score_token", token("sari"), domain="localhost")
    assert client.get("/enterprises", **there).status_code == 303, "anybody under the domain could have set it"


def test_the_token_has_the_claims_of_the_command(client, keys: Path):
    token = cookie_of(choose(client, "budi")).split(";")[0].split("=", 1)[1]
    claims = jwt.decode(token, options={"verify_signature": False})
    assert (claims["iss"], claims["aud"], claims["role"], claims["name"]) == (
        "score-embedded",
        "score",
        "provider",
        "Budi Santoso",
    )
    assert claims["institution"] == "0190b5a2-7c1e-7000-8000-000000000001"
    lifetime = datetime.fromtimestamp(claims["exp"], UTC) - datetime.fromtimestamp(claims["iat"], UTC)
    assert lifetime == timedelta(hours=12)
    assert jwt.get_unverified_header(token)["alg"] == "EdDSA"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SCORE_PEOPLE_FILE", ""), ("SCORE_SIGNING_KEY", ""), ("SCORE_BIND", "0.0.0.0"), ("SCORE_PROFILE", "production"),
        ("SCORE_PEOPLE_FILE", "/nonexistent.json"),
    ],
)  # fmt: skip
def test_sample_people_exist_on_one_machine_only(client, embedded, variable, value):
    token = csrf(client)
    embedded.setenv("SCORE_HOSTS", "localhost")
    embedded.setenv(variable, value)
    settings.cache_clear()
    assert "Sari Wulandari" not in client.get("/signin").text
    assert client.post("/signin/sample", data={"person": "sari", "_csrf": token}).status_code == 404


def test_a_pasted_token_signs_in(client, token):
    answer = client.post("/signin", data={"token": token("made"), "next": "/sponsors-only", "_csrf": csrf(client)})
    assert answer.headers["Location"] == "/sponsors-only"
    assert client.get("/sponsors-only").status_code == 200


@pytest.mark.parametrize("bad", ["", "nonsense", "a.b.c", "x" * 9000])
def test_a_bad_token_is_refused_beside_the_box(client, bad):
    answer = client.post("/signin", data={"token": bad, "_csrf": csrf(client)})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert not [line for line in answer.headers.getlist("Set-Cookie") if line.startswith("score_token")]


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example.org/", "//evil.example.org", "/\\evil.example.org", "\\\\evil.example.org", "javascript:alert(1)",
        "/\t/evil.example.org", "/\n/evil.example.org", "http:evil.example.org", "evil.example.org", "", "///evil.example.org",
    ],
)  # fmt: skip
def test_signing_in_never_leads_to_another_host(client, target):
    assert choose(client, target=target).headers["Location"] == "/"


def test_signing_in_needs_the_form_of_this_visit(client):
    """Else another site could sign a visitor in as somebody of its choice."""
    assert client.post("/signin/sample", data={"person": "sari"}).status_code == 403
    assert client.post("/signin/sample", data={"person": "sari", "_csrf": "0" * 64}).status_code == 403


def test_signing_out_forgets_the_token(staff):
    assert staff.post("/signout").status_code == 403
    answer = staff.post("/signout", data={"_csrf": csrf(staff, "/enterprises")})
    assert answer.status_code == 303
    assert staff.get("/enterprises").status_code == 303
