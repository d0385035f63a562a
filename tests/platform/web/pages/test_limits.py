"""Who is counted how: visitors by person, others by where they come from, also for what no rule matches."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from shared.kernel.settings.current import settings
from tests.support.applications import app_for
from tests.support.demo.service import SERVICE

PROXY, ONE, OTHER = "192.0.2.1", "198.51.100.1", "198.51.100.2"


@pytest.fixture
def limited(embedded: pytest.MonkeyPatch) -> Callable[..., FlaskClient]:
    """A service that answers three times a day."""

    def make(**variables: str) -> FlaskClient:
        for name, value in {"SCORE_RATE_LIMIT": "3 per day", **variables}.items():
            embedded.setenv(name, value)
        settings.cache_clear()
        return app_for(SERVICE).test_client()

    return make


def asked(client: FlaskClient, times: int, path: str = "/enterprises", **options: Any) -> list[int]:
    statuses = []
    for _ in range(times):
        with client.get(path, **options) as answer:
            statuses.append(answer.status_code)
    return statuses


def test_nobody_uses_up_what_is_a_visitors(limited: Any, token: Any) -> None:
    client = limited()
    assert asked(client, 5) == [303, 303, 303, 429, 429]
    client.set_cookie("score_token", token("sari"), domain="localhost")
    assert asked(client, 4) == [200, 200, 200, 429]
    client.set_cookie("score_token", token("budi"), domain="localhost")
    assert asked(client, 1) == [200]
    client.set_cookie("score_token", "x.y.z", domain="localhost")
    assert asked(client, 1) == [429]


def test_what_no_rule_matches_is_counted_and_static_files_are_not(limited: Any) -> None:
    client = limited()
    assert asked(client, 4, "/nothing") == [404, 404, 404, 429]
    assert asked(client, 1) == [429]
    assert set(asked(client, 9, "/static/web/docs.js")) == {200}
    assert set(asked(client, 9, "/health/live")) == {200}
    methods = limited()
    assert [methods.delete("/enterprises").status_code for _ in range(4)] == [405, 405, 405, 429]


def test_a_page_that_is_refused_says_when_to_come_back(limited: Any) -> None:
    client = limited()
    asked(client, 3)
    assert int(client.get("/enterprises").headers["Retry-After"]) > 0


@pytest.mark.parametrize(
    ("proxies", "peer", "forwarded", "again"),
    [
        ("", ONE, "203.0.113.9", 429),  # nobody is believed
        (PROXY, ONE, "203.0.113.9", 429),  # no proxy either
        (PROXY, PROXY, OTHER, 303),
        ("192.0.2.0/24", PROXY, OTHER, 303),
        (PROXY, PROXY, f"203.0.113.9, {OTHER}", 303),
        (PROXY, PROXY, f"{OTHER}, {ONE}", 429),  # what stands before is only claimed
        (f"{PROXY},{OTHER}", PROXY, f"{ONE}, {OTHER}", 429),  # a proxy behind a proxy
        (PROXY, PROXY, f"{ONE}:80", 429),  # some proxies write the port beside it
        (PROXY, PROXY, f"{OTHER}:80", 303),
        (PROXY, PROXY, f"[::ffff:{ONE}]:80", 429),
        (PROXY, PROXY, f"[::ffff:{ONE}]", 429),
        (f"{PROXY},{OTHER}", PROXY, f"{ONE}, {OTHER}:443", 429),
        (PROXY, PROXY, "nonsense", 303),  # counted to the proxy
    ],
)
def test_behind_a_declared_proxy_its_client_is_counted(
    limited: Any, proxies: str, peer: str, forwarded: str, again: int
) -> None:
    client = limited(SCORE_FORWARDED_ALLOW_IPS=proxies)
    assert asked(client, 3, environ_base={"REMOTE_ADDR": ONE}) == [303, 303, 303]
    said = {"X-Forwarded-For": forwarded}
    assert client.get("/enterprises", environ_base={"REMOTE_ADDR": peer}, headers=said).status_code == again


@pytest.mark.parametrize(
    ("first", "second", "again"),
    [
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", 429),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", 303),
        ("::ffff:198.51.100.1", "198.51.100.1", 429),
    ],
)
def test_of_ipv6_a_customers_network_is_counted(limited: Any, first: str, second: str, again: int) -> None:
    client = limited()
    asked(client, 3, environ_base={"REMOTE_ADDR": first})
    assert asked(client, 1, environ_base={"REMOTE_ADDR": second}) == [again]
