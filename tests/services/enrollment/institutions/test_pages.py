"""An institution is suspended and takes part again, on its page."""

from __future__ import annotations

from services.enrollment.institutions.model import Institution


def test_an_institution_takes_part_again(office):
    place = f"/institutions/{office.provider}"
    office.programme.send(f"{place}/suspension", shown=place, reason="inactive")
    office.programme.send(f"{place}/restoration", shown=place)
    assert "Active" in office.programme.read(place)


def test_a_contact_is_added_where_the_institution_is_corrected(office):
    """A contact that is there keeps its id and so its consents and letters; an empty place makes nobody."""
    place = f"/institutions/{office.provider}"
    known = {"name": "Semut Contoh", "language": "id"}
    sri = {"contacts.0.name": "Sri", "contacts.0.roles": "billing", "contacts.0.email": "sri@example.org"}
    office.staff.send(f"{place}/correction", **known, **sri)
    before = Institution.get(office.provider).contacts[0].contact_id
    assert "sri@example.org" in office.staff.read(place)
    tono = {"contacts.1.name": "Tono", "contacts.1.roles": "contact", "contacts.2.name": ""}
    office.staff.send(f"{place}/correction", **known, **sri, **tono)
    contacts = Institution.get(office.provider).contacts
    assert [(one.name, list(one.roles)) for one in contacts] == [("Sri", ["billing"]), ("Tono", ["contact"])]
    assert contacts[0].contact_id == before


def test_a_contact_without_what_it_is_for_comes_back_with_what_was_typed(office):
    place = f"/institutions/{office.provider}/correction"
    shown = office.staff.send(place, status=422, name="Semut Contoh", **{"contacts.0.name": "Sri"})
    assert 'value="Sri"' in shown
    assert "What is written to this person" in shown.partition('role="alert"')[2].partition("</ul>")[0]
