"""Whoever signs out takes the token's use from everybody who has copied it, until it would have expired."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask

from shared.access import ended_tokens, tokens
from shared.access.ended_tokens import EndedTokens
from shared.access.errors import Unauthenticated
from shared.contracts.control import TokenEnded
from shared.storage import connection
from tests.support.applications import app_for
from tests.support.demo.cells import SERVICE
from tests.support.page_fixtures import client, embedded, keys, token

__all__ = ["client", "embedded", "keys", "token"]


@pytest.fixture
def app(embedded: Any, store: Any) -> Flask:
    store(SERVICE)
    return app_for(SERVICE, ended=EndedTokens())


def sign_out(client: Any, held: str) -> None:
    client.set_cookie("score_token", held, domain="localhost")
    found = re.search(r'name="_csrf" value="([0-9a-f]{64})"', client.get("/empty").text)
    assert found
    assert client.post("/signout", data={"_csrf": found[1]}).status_code == 303


def status(app: Flask, held: str) -> int:
    copy = app.test_client()
    copy.set_cookie("score_token", held, domain="localhost")
    return copy.get("/empty").status_code


def test_who_has_copied_the_cookie_is_out(app: Flask, client: Any, token: Any) -> None:
    mine, other = token("sari"), token("sari")
    assert (status(app, mine), status(app, other)) == (200, 200)
    sign_out(client, mine)
    assert (status(app, mine), status(app, other)) == (303, 200), "this session alone"
    with app.app_context(), pytest.raises(Unauthenticated):
        tokens.principal_of(mine)


def test_another_signature_makes_no_other_token(app: Flask) -> None:
    """ES256 has two for the same claims, and whoever has one can make the other."""
    ended = EndedTokens()
    ended.add("header.claims.signature", 4_000_000_000.0)
    assert ended.holds("header.claims.other")
    assert not ended.holds("header.others.signature")


def test_a_token_that_was_signed_out_signs_nobody_in(app: Flask, client: Any, token: Any) -> None:
    mine = token("sari")
    sign_out(client, mine)
    found = re.search(r'name="_csrf" value="([0-9a-f]{64})"', client.get("/signin").text)
    assert found
    answer = client.post("/signin", data={"token": mine, "_csrf": found[1]}, headers={"Accept-Language": "en"})
    assert answer.status_code == 422
    assert "was signed out" in answer.text


def test_signing_in_anew_ends_the_session_before(app: Flask, client: Any, token: Any) -> None:
    mine = token("sari")
    client.set_cookie("score_token", mine, domain="localhost")
    found = re.search(r'name="_csrf" value="([0-9a-f]{64})"', client.get("/signin").text)
    assert found
    assert client.post("/signin/sample", data={"person": "budi", "_csrf": found[1]}).status_code == 303
    assert status(app, mine) == 303


def test_what_ended_elsewhere_has_ended_here(app: Flask, token: Any) -> None:
    mine = token("sari")
    EndedTokens().add(mine, 4_000_000_000.0)  # as another service's process does
    told: list[TokenEnded] = []
    ended_tokens.tell(told.append)
    ended_tokens.tell(told.append)
    (message,) = told
    connection.database()[ended_tokens.COLLECTION].delete_many({})
    ended_tokens.keep(message)
    ended_tokens.keep(message)
    assert status(app_for(SERVICE, ended=EndedTokens()), mine) == 303
    (row,) = connection.database()[ended_tokens.COLLECTION].find()
    assert row["expires_at"].year == 2096
    assert "untold" not in row


def test_a_token_that_is_none_is_not_kept(app: Flask) -> None:
    with app.app_context():
        for bad in ("", "a.b.c", "x" * 9_000):
            tokens.end(bad)
    assert connection.database()[ended_tokens.COLLECTION].count_documents({}) == 0
