"""What one provider has does not exist for another; who sees figures only sees no row at all.

Here rows are read as commands read them; `test_scope_matrix.py` asks over HTTP, with foreign ids at every place of a request.

Every stored document of every service has rows of two providers in `tests/support/foreign_rows.py` (`ROWS`, or what samples
of the events that the service hears make), or is named there in `SHARED` (reference rows for everybody) or `INNER` (rows
that no caller ever sees); a new one that is not fails here.
"""

from __future__ import annotations

import pytest

from shared.access.permissions import ROLES
from shared.domain.errors import NotFound
from shared.kernel import ids
from shared.kernel.context import acting_as
from shared.kernel.principal import Principal
from tests.support import factories
from tests.support.declared_operations import SERVICES, of_service
from tests.support.factories import BETA, STAFF
from tests.support.fixture_types import Client, Enter
from tests.support.foreign_rows import INNER, PROVIDERS_SEE_NONE, SHARED, Made, rows_of
from tests.support.tokens import Tokens

REFERENCES = ("list_modules", "list_consent_texts", "list_targets", "list_figures")

BLIND = ("ministry", "partner", "donor", "sponsor")


@pytest.fixture
def made(enter: Enter, request: pytest.FixtureRequest) -> Made:
    name: str = request.getfixturevalue("name")
    enter(name)
    with acting_as(STAFF):
        return rows_of(SERVICES[name])


@pytest.mark.parametrize("name", SERVICES)
def test_every_document_has_its_place_here(made: Made, name: str) -> None:
    left = set(SERVICES[name].documents) - set(made) - SHARED - INNER
    assert left == set(), f"make rows of {name}, or say whose they are, in tests/support/foreign_rows.py"
    assert set(made) <= set(SERVICES[name].documents)


@pytest.mark.parametrize("name", SERVICES)
def test_a_row_of_another_provider_does_not_exist(made: Made, name: str) -> None:
    for kind, (of_alpha, of_beta) in made.items():
        with acting_as(factories.provider(BETA)):
            own = [] if kind in PROVIDERS_SEE_NONE else [of_beta.id]
            assert [row.id for row in kind.objects] == own, kind
            assert [row.id for row in kind.objects(__raw__={"_id": {"$exists": True}})] == own, kind
            assert kind.objects(id__in=[of_alpha.id]).first() is None, kind
            with pytest.raises(NotFound):
                kind.get(of_alpha.id)
        with acting_as(Principal(subject="x", role="finance", issuer="tests", institution=BETA)):
            assert of_alpha.id not in [row.id for row in kind.objects], kind


@pytest.mark.parametrize("name", SERVICES)
def test_who_sees_figures_only_sees_no_row(made: Made, name: str) -> None:
    bound = dict.fromkeys(("trainer", "enterprise", "sponsor"), ids.new())
    unbound = [
        Principal(subject="x", role=role, issuer="tests")
        for role in sorted(ROLES - {"programme", "auditor", "finance"})
    ]
    blind = [Principal(subject="x", role=role, issuer="tests", **bound) for role in BLIND]
    for kind in [*made, *(kind for kind in SERVICES[name].documents if kind in INNER)]:
        for principal in (*blind, *unbound):
            with acting_as(principal):
                assert list(kind.objects) == [], f"{principal.role} sees {kind.__name__}"


@pytest.mark.parametrize("name", SERVICES)
def test_over_http_a_list_holds_own_rows_only(made: Made, name: str, client: Client, tokens: Tokens) -> None:
    caller = client(name)
    foreign = {str(rows[0].id) for rows in made.values()}
    own = {str(rows[1].id) for rows in made.values()}
    for route in of_service(name, guarded=True, reads=True):
        if route.listing is None or "provider" not in route.permits:
            continue
        headers = tokens.headers("provider", institution=BETA)
        found = caller.get(f"{route.rule}?limit=100", headers=headers).json["items"]
        assert not foreign & {row.get("id") for row in found}, route.operation
        known = route.operation in REFERENCES or own & {row["id"] for row in found}
        assert known, f"{route.operation} shows no row that tests/support/foreign_rows.py makes"
