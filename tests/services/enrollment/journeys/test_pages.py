"""Journeys are told apart by state."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from services.enrollment.journeys import commands as journeys_commands
from shared.kernel import ids
from tests.support.office import TODAY, key_of


def test_journeys_are_told_apart_by_state(office):
    place = office.sign_up()
    enterprise = UUID(key_of(place))
    journeys_commands.count_visit(
        enterprise_id=enterprise, module="M1", provider_id=office.provider, visit_id=ids.new(),
        visited_on=TODAY - timedelta(1),
    )  # fmt: skip
    assert told_in_journeys(office) == ["open"]
    journey = ids.derived("journey", enterprise, "M1")
    journeys_commands.lapse_module(journey, today=TODAY, delivery_mode="direct")
    assert told_in_journeys(office) == ["lapsed"]


def told_in_journeys(office):
    return [
        state
        for state in ("open", "lapsed", "completed")
        if "CV Contoh Jaya" in office.staff.read(f"/journeys?state={state}")
    ]
