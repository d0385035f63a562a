"""The programme publishes a version of a module on the page of the catalogue; nobody else is offered it."""

from __future__ import annotations

from services.enrollment.catalogue.queries import versions_of
from tests.support.factories import days_ago


def test_a_version_is_published_where_the_modules_are(office):
    assert "Publish a version" in office.programme.read("/modules")
    assert "Publish a version" not in office.staff.read("/modules")
    office.programme.send(
        "/modules/new", module="M1", prerequisites="M2", classroom_days="3", required_visits="4",
        valid_from=days_ago(0)[0].isoformat(), **{"names.id": "Kerja Sama", "names.en": "Cooperation"},
    )  # fmt: skip
    published = versions_of("M1")[-1]
    assert (published.number, published.classroom_days, published.prerequisites) == (2, 3, ["M2"])
    assert published.names == {"id": "Kerja Sama", "en": "Cooperation"}


def test_all_that_is_wrong_with_it_comes_at_once(office):
    """What the form wants and what the catalogue does, with what was typed."""
    shown = office.programme.send(
        "/modules/new", status=422, module="M1", number="9", valid_from="2001-01-01", classroom_days="x",
    )  # fmt: skip
    said = shown.partition('role="alert"')[2].partition("</ul>")[0]
    for name in ("Version", "Valid from", "Classroom days", "Name in Indonesian"):
        assert name in said, name
    assert 'value="2001-01-01"' in shown
