"""One click ends letters that need not be written; reading the address does nothing."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from services.notifications.links import queries as links_queries
from services.notifications.links.commands import letter_link
from services.notifications.preferences.queries import refused_topics
from services.notifications.preferences.topics import TOPICS
from services.notifications.settings import notification_settings
from shared.kernel import ids
from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM
from shared.kernel.settings.current import settings

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def http(client: Callable[[str], FlaskClient], configured: pytest.MonkeyPatch, tmp_path: Path) -> FlaskClient:
    found = client("notifications")
    keys = tmp_path / "keys.json"
    with acting_as(SYSTEM):
        keys.write_text(json.dumps({"keys": links_queries.public_keys()}), encoding="utf-8")
    configured.setenv("SCORE_LINK_KEYS_URL", keys.as_uri())
    settings.cache_clear()
    notification_settings.cache_clear()
    return found


def link(purpose: str = "unsubscribe") -> tuple[str, str, object]:
    somebody = ids.new()
    with acting_as(SYSTEM):
        address = letter_link(purpose, somebody, somebody)
    return address, "/" + address.split("/", 3)[3], somebody


def unwilling(*people: object) -> set[object]:
    with acting_as(SYSTEM):
        refused = refused_topics(people)  # type: ignore[arg-type]
    return {somebody for somebody, topics in refused.items() if topics == set(TOPICS)}


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "multipart/form-data"])
def test_one_click_is_enough_and_may_come_twice(http: FlaskClient, content_type: str) -> None:
    _, path, somebody = link()
    for _ in range(2):
        answer = http.post(path, data=ONE_CLICK, content_type=content_type)
        assert answer.status_code in (200, 204)
        assert "Location" not in answer.headers
    assert unwilling(somebody, ids.new()) == {somebody}


def test_a_scanner_that_reads_the_address_changes_nothing(http: FlaskClient) -> None:
    _, path, somebody = link()
    for method in ("GET", "HEAD", "OPTIONS"):
        http.open(path, method=method)
    assert unwilling(somebody) == set()


def test_a_link_for_something_else_or_of_somebody_else_s_making_is_refused(http: FlaskClient) -> None:
    _, path, somebody = link("evaluation")
    _, mine, me = link()
    for refused in (path.replace("/evaluations/", "/v1/unsubscriptions/"), mine[:-4] + "AAAA"):
        assert http.post(refused, data=ONE_CLICK).status_code == 422
    assert unwilling(somebody, me) == set()
