"""A person's data from registration to erasure, on the pages, and what the law holds against it."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

from services.enrollment.people import commands as people_commands
from shared.kernel import ids
from shared.storage import connection
from tests.support.office import TODAY, key_of
from tests.support.visitor import Visitor


def test_a_persons_data_from_registration_to_erasure(office):
    people = f"{office.sign_up()}/people"
    known = {"name": "Sulastri", "sex": "female", "role": "worker", "language": "id"}
    person = office.staff.send(
        f"{people}/new", **known, email="sulastri@example.org", **{"consent.purposes": "training"}
    )
    twice = office.staff.send(f"{people}/new", status=409, **known)
    assert "This is another person of the same name" in twice
    assert "Sulastri" in office.staff.read(people)
    office.staff.send(f"{person}/consents", shown=person, purposes=["contact"], given_by="person")
    assert "Contact about the training Given" in office.staff.read(person)
    office.staff.send(f"{person}/consents/withdrawal", shown=person, purposes=["contact"])
    assert "Contact about the training Withdrawn" in office.staff.read(person)
    office.staff.send(f"{person}/requests", shown=person, kind="access", channel="letter")
    assert "Access to the record" in office.staff.read("/privacy?state=open")
    record = office.staff.client.get(f"{person}/record")
    assert "sulastri@example.org" in record.text
    answer = re.search(r'action="([^"]+/answer)"', office.staff.client.get(person).text)[1]
    office.staff.send(answer, shown=person)
    assert "Nothing matches the filter" in office.staff.read("/privacy?state=open")
    noted = connection.database()["access_log"].find({"action": "answer_access_request"})
    assert [str(row["object"]) for row in noted] == [key_of(person)], "under the person, not under the request"
    office.staff.send(f"{person}/restriction", shown=person)
    assert "They are only kept" in office.staff.read(person)
    office.staff.send(f"{person}/restriction/lifting", shown=person)
    assert "They are only kept" not in office.staff.read(person)
    office.staff.send(f"{person}/requests", shown=person, kind="erasure", channel="letter")
    refusal = re.search(r'action="([^"]+/refusal)"', office.staff.client.get(person).text)[1]
    office.staff.send(refusal, shown=person, reason="not_the_person")
    assert "Whoever asked is not the person" in office.staff.read(person)
    office.staff.send(f"{person}/erasure", shown=person)
    for page in (person, people, f"{person}/record"):
        assert "Sulastri" not in office.staff.client.get(page).text
    assert "Not reported yet" in office.staff.read(person)
    Visitor(office.app, "provider", institution=ids.new()).read(person, 404)
    Visitor(office.app, "enterprise", enterprise=people.split("/")[2]).read(person, 403)


def test_the_law_holds_a_persons_data_against_erasure(office):
    place = office.sign_up()
    person = people_commands.register_participant(
        enterprise_id=UUID(key_of(place)), name="Sulastri", sex="female", role="worker", language="id"
    ).id
    page = f"/people/{person}"
    assert "Hold the data" not in office.staff.read(page), "the programme decides it"
    past = office.programme.send(f"{page}/hold", shown=page, status=422, reason="audit", until="2020-01-01")
    assert "This day is in the past. Choose today or a later day." in past
    office.programme.send(f"{page}/hold", shown=page, reason="audit", until=str(TODAY + timedelta(30)))
    words = office.staff.read(page)
    assert "kept until" in words
    assert "An audit" in words
    assert "The law requires" in office.staff.send(f"{page}/erasure", shown=page, status=409)
    assert "Sulastri" in office.staff.read(page)
    office.programme.send(f"{page}/hold/release", shown=page)
    office.staff.send(f"{page}/erasure", shown=page)
    assert "Sulastri" not in office.staff.read(page)
    assert office.staff.client.get(f"{page}/correction").status_code == 303
