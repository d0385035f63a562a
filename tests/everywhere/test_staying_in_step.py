"""Whoever keeps a copy of a list stays in step: what changed since, in the order of changes, within the caller's rows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import mongoengine
import pytest

from shared.kernel import clock
from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM
from shared.web.api.route import Route
from shared.web.fields import written
from tests.support.declared_operations import OPERATIONS, SERVICES, of_service
from tests.support.factories import BETA, STAFF
from tests.support.fixture_types import Client, Enter
from tests.support.foreign_rows import rows_of
from tests.support.tokens import Tokens

MADE_WHEN_ASKED = {"list_consent_texts", "list_figures"}  # their rows are stored nowhere
FEW = {"list_targets"}  # no more rows than a page holds: no index is worth its keep
LISTS = [pytest.param(service.name, route, id=route.operation) for service, route in OPERATIONS if route.listing]


@pytest.mark.parametrize(("name", "route"), LISTS)
def test_every_list_of_stored_rows_tells_what_changed_by_an_index(enter: Enter, name: str, route: Route) -> None:
    assert route.listing is not None
    taken = "updated_since" in route.listing.schema().fields
    assert taken == (route.operation not in MADE_WHEN_ASKED)
    if not taken or route.operation in FEW:
        return
    enter(name)
    with acting_as(SYSTEM):
        rows: Any = route.handler(
            query=route.listing.query({"limit": 1, "format": "json", "delimiter": ",", "headings": "names"})
        )
    assert isinstance(rows, mongoengine.QuerySet)
    held = {tuple(model.document["key"]) for model in rows._document.INDEXES}
    of_age = {keys for keys in held if keys[-1] == "created_at" and keys[0] != "state"}
    assert ("updated_at",) in held
    assert {(*keys[:-1], "updated_at") for keys in of_age} <= held


@pytest.mark.parametrize("name", SERVICES)
def test_a_list_holds_what_changed_since_and_only_own_rows(
    enter: Enter, name: str, client: Client, tokens: Tokens
) -> None:
    caller = client(name)
    with acting_as(STAFF):
        made = rows_of(SERVICES[name])
    foreign = {str(rows[0].id) for rows in made.values()}
    headers = tokens.headers("provider", institution=BETA)
    later = clock.now() + timedelta(hours=1)
    for route in of_service(name, guarded=True, reads=True):
        if route.listing is None or "provider" not in route.permits or route.operation in MADE_WHEN_ASKED:
            continue
        whole = caller.get(f"{route.rule}?sort=updated_at&limit=100", headers=headers).json
        since = {
            moment: caller.get(f"{route.rule}?limit=100&updated_since={quote(written(moment))}", headers=headers).json[
                "items"
            ]
            for moment in (clock.now() - timedelta(days=30_000), later)
        }
        earliest, latest = since.values()
        assert earliest == whole["items"], route.operation
        assert latest == [], route.operation
        assert not foreign & {row["id"] for row in earliest}, route.operation
        changes = [row["updated_at"] for row in earliest]
        assert changes == sorted(changes)
        assert whole["as_of"] > max(changes, default="")
