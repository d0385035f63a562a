"""What one provider has does not exist for another; who sees figures only sees no row at all.

Here rows are read as commands read them; `test_scope_matrix.py` asks over HTTP, with foreign ids at every place of a request.

Every stored document of every service has rows of two providers in `tests/support/foreign_rows.py` (`ROWS`, or what samples
of the events that the service hears make), or is named there in `SHARED` (reference rows for everybody) or `INNER` (rows
that no caller ever sees); a new one that is not fails here.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from services.consulting.visits.commands import cancel_visit
from services.consulting.visits.model import Visit
from services.enrollment.trainings.commands import cancel_training
from services.enrollment.trainings.model import Training
from shared.access.permissions import ROLES
from shared.domain.errors import NotFound
from shared.domain.lifecycle import Lifecycle
from shared.kernel import ids
from shared.kernel.context import acting_as
from shared.kernel.principal import Principal
from shared.storage import connection
from tests.support import factories
from tests.support.declared_operations import SERVICES, of_service
from tests.support.factories import BETA, STAFF
from tests.support.fixture_types import Client, Enter
from tests.support.foreign_rows import INNER, PROVIDERS_SEE_NONE, SHARED, Made, rows_of
from tests.support.tokens import Tokens

REFERENCES = ("list_modules", "list_consent_texts", "list_targets", "list_figures")
CALLED_OFF: dict[type[Any], tuple[Callable[..., Any], str]] = {
    Training: (cancel_training, "services.enrollment.migrations.0010_cancelled_trainings"),
    Visit: (cancel_visit, "services.consulting.migrations.0002_cancelled_visits"),
}


def _classroom(trainer: UUID) -> Training:
    return factories.training(factories.institution(ids.new()).id, trainer=factories.entitled(trainer))


MADE: dict[type[Any], Callable[[UUID], Any]] = {
    Training: _classroom,
    Visit: lambda trainer: factories.visit(BETA, trainer=factories.visiting(trainer)),
}
NO_STEPS = Lifecycle("", {})

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


@pytest.mark.parametrize("name", SERVICES)
def test_what_a_trainer_sees_and_can_be_called_off_is_known(name: str) -> None:
    somebody = Principal(subject="x", role="trainer", issuer="tests", trainer=ids.new())
    with_end = {
        kind for kind in SERVICES[name].documents if "cancel" in (getattr(kind, "LIFECYCLE", None) or NO_STEPS).steps
    }
    seen = {kind for kind in with_end if kind.row_scope(somebody) is not None}
    assert seen == {kind for kind in CALLED_OFF if kind in SERVICES[name].documents}


@pytest.mark.parametrize("kind", CALLED_OFF, ids=lambda kind: kind.__name__)
def test_a_trainer_no_longer_sees_what_was_called_off(enter: Enter, kind: type[Any]) -> None:
    """An assignment ends with what it rests on: now, and by migration where an earlier release let it stand."""
    enter(next(name for name in SERVICES if kind in SERVICES[name].documents))
    cancel, migration = CALLED_OFF[kind]
    trainer = Principal(subject="x", role="trainer", issuer="tests", trainer=ids.new())
    with acting_as(STAFF):
        made = [MADE[kind](trainer.trainer) for _ in range(2)]
        seen = kind.get(made[0].id).to_mongo()
        cancel(made[0].id, reason="other")
    with acting_as(trainer):
        assert [row.id for row in kind.objects] == [made[1].id]
    as_before = {name: value for name, value in seen.items() if name in ("trainer_ids", "released")}
    rows = connection.database()[kind._meta["collection"]]
    rows.update_one({"_id": made[0].id}, {"$set": as_before})
    with acting_as(trainer):
        assert len(kind.objects) == 2
        importlib.import_module(migration).apply(connection.database())
        assert [row.id for row in kind.objects] == [made[1].id]
