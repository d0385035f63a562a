"""Enrollment's forms, from sign-up to an erased person, as the people of a provider and of the programme fill them in."""

from __future__ import annotations

import re

from services.enrollment.institutions import commands as institutions_commands
from shared.storage import connection
from tests.support.office import SIGN_UP, key_of
from tests.support.visitor import Visitor


def test_a_probable_duplicate_is_shown_and_confirmed(office):
    first = office.sign_up()
    shown = office.staff.send("/enterprises/new", status=409, **SIGN_UP)
    assert "Probably registered already" in shown
    assert f'href="{first}"' in shown
    assert "It is probably registered already." in shown
    assert "others" not in shown, "the interface's own words stay there"
    assert "a like name in the same place" in shown
    for name, typed in SIGN_UP.items():
        box = re.search(rf'<(?:input|select)[^>]* name="{re.escape(name)}".*?(?:</div>|</select>)', shown, re.DOTALL)
        assert box, name
        assert re.search(rf'value="{typed}"(?: selected|[^>]*>|>)', box[0]), f"{name}: what was typed is kept"
        assert "<select" not in box[0] or f'value="{typed}" selected' in box[0], f"{name}: what was chosen is kept"
    place = office.staff.send("/enterprises/new", **SIGN_UP, confirm_distinct="namesake")
    assert place != first


def test_a_duplicate_of_another_provider_is_counted_and_never_named(office):
    first = office.sign_up(nib="1234567890123")
    other = institutions_commands.register_institution(kind="private_provider", name="Lain Contoh", province="ID-JT").id
    stranger = Visitor(office.app, "provider", institution=other)
    shown = stranger.send("/enterprises/new", status=409, **SIGN_UP, nib="1234567890123")
    assert "1 that you cannot see" in shown
    assert key_of(first) not in shown
    insisted = stranger.send("/enterprises/new", status=409, **SIGN_UP, nib="1234567890123", confirm_distinct="branch")
    assert "The confirmation does not help" in insisted


def test_a_correction_keeps_what_it_leaves_out(office):
    place = office.sign_up(nib="1234567890123")
    form = office.staff.client.get(f"{place}/correction").text
    assert 'value="1234567890123"' in form
    office.staff.send(f"{place}/correction", **{**SIGN_UP, "place": "Kudus"})
    words = office.staff.read(place)
    assert "Kudus" in words
    assert "1234567890123" in words


def test_contacts_are_forgotten_on_their_pages(office):
    place = office.sign_up(**{"contact.email": "aminah@example.org"})
    office.staff.send(f"{place}/contact/erasure", shown=place)
    words = office.staff.read(place)
    assert "Aminah" not in words
    assert "Forget the contact" not in words
    office.staff.send(f"{place}/correction", **{**SIGN_UP, "contact.name": "Wulan"})
    assert "Wulan" in office.staff.read(place)

    contact = {"name": "Bagus", "roles": ["billing"], "email": "bagus@example.org"}
    institutions_commands.correct_institution(office.provider, contacts=[contact], email="kantor@example.org")
    page = f"/institutions/{office.provider}"
    assert "Bagus Invoices bagus@example.org" in office.staff.read(page)
    assert "Forget" not in Visitor(office.app, "auditor").read(page)
    form = re.search(r'action="([^"]+/contacts/[^"]+/erasure)"', office.staff.client.get(page).text)[1]
    office.staff.send(form, shown=page)
    office.programme.send(f"{page}/address/erasure", shown=page)
    words = office.staff.read(page)
    assert not {"Bagus", "bagus@example.org", "kantor@example.org"} & set(words.split())
    assert "No contacts yet" in words


def test_an_individuals_tax_number_is_shown_on_demand(office):
    place = office.sign_up(legal_form="perorangan", npwp="3319010101800001")
    assert "************0001" in office.staff.read(place)
    assert "3319010101800001" not in office.staff.client.get(f"{place}/correction").text
    assert "Show the whole tax number" not in Visitor(office.app, "auditor").read(place)
    assert "3319010101800001" in office.staff.read(f"{place}/tax-number")
    noted = connection.database()["access_log"].find({"action": "tax_number"})
    assert [(str(row["object"]), row["outcome"]) for row in noted] == [(key_of(place), "allowed")]
    office.staff.send(f"{place}/correction", **{**SIGN_UP, "legal_form": "perorangan"})
    assert "************0001" in office.staff.read(place), "left empty it stays as it is"


def test_the_size_follows_from_sales_which_are_not_kept(office):
    place = office.sign_up(annual_sales="3,000,000,000", size_source="tax_return")
    assert "Size Small" in office.staff.read(place)
    form = office.staff.client.get(f"{place}/correction").text
    assert "3,000,000,000" not in form
    assert "As it is: Small" in form
    sent = {**SIGN_UP, "capital": "20,000,000,000"}
    office.staff.send(f"{place}/correction", **sent)
    assert "Size Large" in office.staff.read(place)
    differs = office.staff.send(f"{place}/correction", status=422, **{**sent, "size_class": "micro"})
    assert "does not follow from the sales" in differs
    office.staff.send(f"{place}/correction", **SIGN_UP, size_source="licence")
    form = office.staff.client.get(f"{place}/correction").text
    assert '<option value="licence" selected>' in form
    assert "As it is: Large" in form
