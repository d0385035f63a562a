"""Another provider and a merger, on the pages of the programme."""

from __future__ import annotations

from services.enrollment.institutions import commands as institutions_commands
from shared.kernel import ids
from tests.support.office import key_of
from tests.support.visitor import Visitor


def test_the_programme_moves_an_enterprise_to_another_provider(office):
    place = office.sign_up()
    other = institutions_commands.register_institution(kind="private_provider", name="Lain Contoh", province="ID-JT").id
    assert "Another training provider" not in office.staff.read(place)
    office.programme.send(f"{place}/provider", shown=place, provider_id=str(other))
    assert "Lain Contoh" in office.programme.read(place)
    office.staff.read(place, 404)


def test_two_registrations_are_compared_and_merged(office):
    given_up = office.sign_up(nib="1234567890123", **{"contact.email": "aminah@example.org"})
    kept = office.sign_up("Tjontoh Djaja", **{"contact.name": "Wulan"}, confirm_distinct="other")
    merger = f"{given_up}/merger"
    assert "Merge with another registration" in office.programme.read(given_up)
    assert "Merge with another registration" not in office.staff.read(given_up)
    office.staff.read(merger, 403)
    assert "CV Tjontoh Djaja a like name in the same place" in office.programme.read(merger)
    assert "There is no enterprise with this number" in office.programme.read(f"{merger}?kept_id=9999999999999")
    assert "This is the same registration" in office.programme.read(f"{merger}?kept_id=1234567890123")
    compare = f"{merger}?kept_id={key_of(kept)}"
    words = office.programme.read(compare)
    assert "Contact Aminah Wulan" in words
    assert "NIB 1234567890123 –" in words
    confirm = f"{merger}/confirmation"
    refused = office.programme.send(confirm, shown=compare, status=422)
    assert "Side by side" in refused, "what was compared is there again"
    place = office.programme.send(confirm, shown=compare, reason="registered_twice")
    assert place == kept
    assert f"Former numbers {key_of(given_up)}" in office.staff.read(kept)
    assert "NIB 1234567890123" in office.staff.read(kept)
    for page in ("", "/people", "/people/new", "/correction"):
        answer = office.staff.client.get(given_up + page)
        assert (answer.status_code, answer.headers["Location"]) == (303, kept + page)
    Visitor(office.app, "provider", institution=ids.new()).read(given_up, 404)
    assert "Merged into another" in office.staff.read("/enterprises")
