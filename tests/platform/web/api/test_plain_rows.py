"""A plain row shows what its document would show."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask

from services.enrollment.enterprises.model import Enterprise
from services.enrollment.enterprises.parts import Commitment, Contact, Persons, Planned, Screening
from services.enrollment.enterprises.schemas import EnterpriseView
from services.enrollment.journeys.model import AcceptedVisit, Classroom, Journey
from services.enrollment.journeys.schemas import JourneyView
from shared.kernel import ids
from shared.web.lists.plain_rows import PlainRow, readers_of

DAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)


def stored(document: Any) -> dict[str, Any]:
    """As the store gives it back: a date is a time there."""
    return {
        name: datetime(value.year, value.month, value.day, tzinfo=UTC) if type(value) is date else value
        for name, value in document.to_mongo().items()
    }


def enterprise(**described: Any) -> Enterprise:
    return Enterprise(
        name="Kayu Contoh", legal_form="perorangan", province="ID-JT", sector="metal", npwp="3319010101800001",
        headcount=Persons(women=2), contact=Contact(name="Ratna"), provider_id=ids.new(), delivery_mode="direct",
        created_at=NOW, updated_at=NOW, **described,
    )  # fmt: skip


def journey() -> Journey:
    return Journey(
        enterprise_id=ids.new(), module="M1", provider_id=ids.new(), created_at=NOW, updated_at=NOW,
        classrooms=[
            Classroom(
                training_id=ids.new(), delivered_on=DAY, lead_trainer_id=ids.new(), required_visits=2,
                delivery_mode="direct",
            )
        ],
        visits=[AcceptedVisit(visit_id=ids.new(), visited_on=day) for day in (DAY, date(2026, 1, 1))],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("view", "document"),
    [
        (EnterpriseView, enterprise()),
        (
            EnterpriseView,
            enterprise(
                screening=Screening(screened_on=DAY, reasons=["too_small"], override="pilot"),
                commitment=Commitment(signed_on=DAY, enterprise_share_percent=0),
                plan=[Planned(module="M1", module_version=1, journey_id=ids.new())],
                aliases=[ids.new()],
                enrolled_on=DAY,
            ),
        ),
        (JourneyView, journey()),
    ],
)
def test_a_view_shows_the_same(view: Any, document: Any) -> None:
    rows = stored(document)
    again = type(document)._from_son(rows)
    with Flask(__name__).test_request_context():
        assert view().dump(PlainRow(readers_of(type(document)), rows)) == view().dump(again)


def test_an_unknown_name_is_no_attribute() -> None:
    row = PlainRow(readers_of(Enterprise), {})
    with pytest.raises(AttributeError):
        _ = row.colour
    assert row.state == "registered", "the default of a field that is not stored"
