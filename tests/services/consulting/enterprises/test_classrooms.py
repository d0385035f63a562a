"""A visit follows the classroom of its module: none is planned before it, nor in an enterprise that was in none."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from services.consulting.enterprises import commands as enterprises
from services.consulting.service import SERVICE
from services.consulting.settings import consulting_settings
from services.consulting.visits import commands
from services.consulting.visits.model import Visit
from shared.domain.errors import GateClosed
from shared.kernel import ids
from shared.kernel.context import acting_as
from shared.kernel.principal import Principal
from tests.support import factories
from tests.support.factories import ALPHA, STAFF, days_ago
from tests.support.fixture_types import Site
from tests.support.visitor import Visitor


def plan(enterprise_id, **changes):
    return commands.schedule_visit(
        **{
            "enterprise_id": enterprise_id,
            "module": "M1",
            "planned_on": days_ago(3)[0],
            "trainer_id": factories.visiting(),
            **changes,
        }
    )


@pytest.fixture
def unvisited(staff: Principal):
    enterprise_id = ids.new()
    factories.known_enterprise(ALPHA)
    enterprises.keep_enterprise(enterprise_id, provider_id=ALPHA, province="ID-JT")
    return enterprise_id


@pytest.fixture
def warned(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("SCORE_GATE_VISIT_CLASSROOM", "warn")
    consulting_settings.cache_clear()
    yield
    consulting_settings.cache_clear()


def test_no_visit_is_planned_without_a_classroom_of_its_module(unvisited) -> None:
    with pytest.raises(GateClosed):
        plan(unvisited)
    assert Visit.objects.count() == 0


def test_no_visit_is_planned_or_moved_to_a_day_before_the_classroom(staff: Principal) -> None:
    enterprise_id = factories.known_enterprise(ALPHA)
    before = days_ago(9000)[0]
    with pytest.raises(GateClosed):
        plan(enterprise_id, planned_on=before)
    visit = plan(enterprise_id)
    with pytest.raises(GateClosed):
        commands.reschedule_visit(visit.id, planned_on=before, reason="other")
    assert Visit.get(visit.id).planned_on == days_ago(3)[0]


def test_where_the_gate_warns_it_is_planned(warned: None, unvisited) -> None:
    assert plan(unvisited).state == "scheduled"


def test_the_form_offers_only_who_had_a_classroom(site: Site) -> None:
    app = site(SERVICE)
    with acting_as(STAFF):
        reader = Visitor(app, "provider", language="en", institution=ALPHA)
        enterprise_id = ids.new()
        enterprises.keep_enterprise(enterprise_id, provider_id=ALPHA, province="ID-JT")
        assert "No enterprises yet" in reader.read("/visits/new")
        visited = factories.known_enterprise(ALPHA)
        shown = reader.client.get("/visits/new").text
        assert f'value="{visited}"' in shown
        assert f'value="{enterprise_id}"' not in shown
