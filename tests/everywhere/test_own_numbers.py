"""An institution's own number of a thing is found by that institution and the programme, and told to nobody else."""

from __future__ import annotations

from typing import Any

import pytest

from shared.contracts.catalogue import class_for
from shared.domain.external_ids import EXTERNAL_ID, ExternallyNumbered, by_number
from shared.kernel.context import acting_as
from shared.kernel.service import declared
from shared.storage.transaction import transactional
from shared.web.api.route import Route
from tests.support.declared_operations import SERVICES, of_service
from tests.support.factories import ALPHA, BETA, STAFF
from tests.support.fixture_types import Client, Enter
from tests.support.foreign_rows import rows_of
from tests.support.tokens import Tokens

NUMBER = "SAP-00123"
WITH_NUMBERS = [
    service.name for service in declared() if any(issubclass(kind, ExternallyNumbered) for kind in service.documents)
]


def _lists(name: str) -> list[Route]:
    reads = of_service(name, guarded=True, reads=True)
    return [route for route in reads if route.listing and EXTERNAL_ID in route.listing.row.fields]


def _takes_numbers(name: str, of: Route) -> dict[str, bool]:
    """Say by which methods a thing of a list is given its number, and whether null is taken."""
    bodies = [
        (route.method, route.body().fields[EXTERNAL_ID])
        for part in SERVICES[name].routes
        for route in part.declared
        if route.rule.startswith(of.rule) and route.body is not None and EXTERNAL_ID in route.body().fields
    ]
    return {method: field.allow_none for method, field in bodies}


@pytest.mark.parametrize("name", WITH_NUMBERS)
def test_what_has_a_number_is_found_by_it_given_it_and_rid_of_it(name: str) -> None:
    numbered = [kind for kind in SERVICES[name].documents if issubclass(kind, ExternallyNumbered)]
    assert len(_lists(name)) == len(numbered)
    assert all(by_number().document in [model.document for model in kind.INDEXES] for kind in numbered)
    for route in _lists(name):
        assert route.listing is not None
        assert EXTERNAL_ID in route.listing.filters, route.operation
        assert _takes_numbers(name, route) == {"POST": False, "PATCH": True}, route.operation


@pytest.mark.parametrize("name", WITH_NUMBERS)
def test_the_number_is_for_its_institution_and_the_programme(
    enter: Enter, name: str, client: Client, tokens: Tokens
) -> None:
    caller = client(name)
    with acting_as(STAFF):
        made = {kind: rows for kind, rows in rows_of(SERVICES[name]).items() if issubclass(kind, ExternallyNumbered)}
        _number(made)
    owners = {str(row.id): row.provider_id for rows in made.values() for row in rows}
    for route in _lists(name):
        for role in sorted(route.permits):
            bound = {"institution": ALPHA, "trainer": None, "enterprise": None}
            headers = tokens.headers(
                role, **{key: value for key, value in bound.items() if value and role != "programme"}
            )
            found = caller.get(f"{route.rule}?external_id={NUMBER}&limit=100", headers=headers).json["items"]
            seen = {"programme": {ALPHA, BETA}, "provider": {ALPHA}}.get(role, set())
            assert {owners[row["id"]] for row in found} == seen, (route.operation, role)
            shown = {row[EXTERNAL_ID] for row in caller.get(f"{route.rule}?limit=100", headers=headers).json["items"]}
            assert (NUMBER in shown) == bool(seen), (route.operation, role)
            file = caller.get(f"{route.rule}?format=csv", headers=headers).text
            assert (NUMBER in file) == bool(seen), (route.operation, role)


@transactional
def _number(made: dict[Any, Any]) -> None:
    for kind, rows in made.items():
        for row in rows:
            known = kind.get(row.id)
            known.external_id = NUMBER
            known.save()


def test_no_event_holds_a_number() -> None:
    for service in declared():
        for group in service.groups:
            for kind in filter(None, map(class_for, group.handlers)):
                assert EXTERNAL_ID not in kind.__struct_fields__
