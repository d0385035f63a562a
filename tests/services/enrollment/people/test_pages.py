"""People are found by words of their names and corrected."""

from __future__ import annotations

from uuid import UUID

from services.enrollment.people import commands as people_commands
from shared.kernel import ids
from tests.support.office import key_of
from tests.support.visitor import Visitor


def test_people_are_found_by_words_of_their_names_and_corrected(office):
    place = office.sign_up()
    enterprise = UUID(key_of(place))
    ratna, ratih = (
        people_commands.register_participant(
            enterprise_id=enterprise, name=name, sex="female", role="worker", language="id", phone="+6281234567890"
        ).id
        for name in ("Ratna Dewi Lestari", "Ratih Lestari")
    )
    found = office.staff.send("/people", status=200, name="lest rat")
    assert ("Ratna Dewi Lestari" in found, "Ratih Lestari" in found, 'value="lest rat"' in found) == (True, True, True)
    found = office.staff.send("/people", shown=f"{place}/people", status=200, name="DEWI")
    assert "Among the people of CV Contoh Jaya" in found
    assert ("Ratna Dewi Lestari" in found, "Ratih Lestari" in found) == (True, False)
    assert "Nobody was found" in office.staff.send("/people", status=200, name="lestari joko")
    assert "Ratih" in office.staff.send("/people", status=200, phone="0812 3456 7890")
    Visitor(office.app, "auditor").read("/people", 403)
    stranger = Visitor(office.app, "provider", institution=ids.new())
    assert "Nobody was found" in stranger.send("/people", status=200, name="Ratna")

    person = f"/people/{ratna}"
    form = {"name": "Ratna Dewi Anggraini", "sex": "female", "role": "manager", "language": "en"}
    office.staff.send(f"{person}/correction", **form, email="ratna@example.org", phone="")
    words = office.staff.read(person)
    for part in ("Ratna Dewi Anggraini", "Manager", "ratna@example.org", "English", "Phone –"):
        assert part in words
    assert "Nobody was found" in office.staff.send("/people", status=200, name="ratna lestari")
    stranger.read(f"{person}/correction", 404)
    assert "/people/" + str(ratih) in office.staff.send("/people", status=200, name="ratih")
