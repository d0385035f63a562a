"""Enrollment's forms about a training's room and its lead, and a plan of modules in the enterprise's own order."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import UUID

from services.enrollment.people import commands as people_commands
from services.enrollment.trainings.model import Training
from tests.support.office import TODAY, TWO, enrolled_place, key_of


def test_what_is_unusual_about_a_roster_is_said_beside_it(office):
    place, training = enrolled_place(office), office.planned()
    men = {"seats.managers.women": "0", "seats.managers.men": "1", "seats.workers.women": "0", "seats.workers.men": "1"}
    office.staff.send(f"{training}/rosters", shown=training, enterprise_id=key_of(place), **men)
    words = office.staff.read(training)
    assert "Usually two managers and two workers of each enterprise take part." in words
    assert "There is no woman among the participants." in words


def test_only_who_consents_is_offered_to_be_named(office):
    place, training = enrolled_place(office), office.planned()
    enterprise = UUID(key_of(place))
    office.staff.send(f"{training}/rosters", shown=training, enterprise_id=key_of(place), **TWO)
    names = f"{training}/rosters/{enterprise}/names"
    people_commands.register_participant(
        enterprise_id=enterprise, name="Wati", sex="female", role="worker", language="id"
    )
    assert "Nobody can be named" in office.staff.read(names)
    people_commands.register_participant(
        enterprise_id=enterprise, name="Aminah", sex="female", role="manager", language="id",
        consent={"purposes": ["training"]},
    )  # fmt: skip
    words = office.staff.read(names)
    assert "Aminah" in words
    assert "Wati" not in words
    assert "1 person is not listed" in words


def test_who_does_not_fit_waits_and_moves_up(office):
    first = enrolled_place(office)
    second = enrolled_place(office, "Sinar Terang", place="Malang", province="ID-JI")
    training = office.planned(capacity=3)
    for place in (first, second):
        office.staff.send(f"{training}/rosters", shown=training, enterprise_id=key_of(place), **TWO)
    assert "at place 1 of the waiting list" in office.staff.read(training)
    assert "Waiting list" in office.staff.read(training)
    given_up = {"enterprise_id": key_of(first), "reason": "no_time"}
    office.staff.send(f"{training}/rosters/withdrawal", shown=training, **given_up)
    words = office.staff.read(training)
    assert "Waiting list" not in words
    assert "CV Sinar Terang" in words.partition("Give an enterprise")[0]


def named(office, training, place):
    """Three people of an enterprise who have seats by name."""
    people = [
        people_commands.register_participant(
            enterprise_id=UUID(key_of(place)),
            name=name,
            sex="female",
            role=role,
            language="id",
            consent={"purposes": ["training"]},
        )
        for name, role in (("Aminah", "manager"), ("Sulastri", "worker"), ("Wati", "worker"))
    ]
    office.staff.send(
        f"{training}/rosters", shown=training, enterprise_id=key_of(place), **{**TWO, "seats.workers.women": "2"}
    )
    ids = [str(person.id) for person in people]
    office.staff.send(f"{training}/rosters/{key_of(place)}/names", participant_ids=ids)
    return ids


def hidden_numbers(office, training):
    form = office.staff.client.get(f"{training}/delivery").text
    return dict(re.findall(r'name="(attendance\.0\.attended\.[a-z.]+)" value="(\d+)"', form))


def test_attendance_by_day_leads_to_the_delivery_and_stays_to_be_read(office):
    place, training = enrolled_place(office), office.planned()
    ids = named(office, training, place)
    day = f"{training}/attendance/{TODAY}"
    assert "Sulastri" in office.staff.read(day)
    assert office.staff.send(day, participant_ids=ids[:2]) == f"{training}/delivery"
    assert "managers 1 woman, 0 men; workers 1 woman, 0 men" in office.staff.read(f"{training}/delivery")
    office.staff.send(f"{training}/delivery", **hidden_numbers(office, training))
    assert "Delivered" in office.staff.read(training)
    words = office.staff.read(f"{training}/attendance")
    assert re.search("Aminah.*Present.*Sulastri.*Present.*Wati.*Absent", words)


def test_a_missing_day_is_named_and_the_list_entered_is_never_left_out(office):
    place, training = enrolled_place(office), office.planned(days=(TODAY - timedelta(1), TODAY))
    ids = named(office, training, place)
    missing = f"{training}/attendance/{TODAY - timedelta(1)}"
    assert office.staff.send(f"{training}/attendance/{TODAY}", participant_ids=ids[:2]) == missing
    words = office.staff.read(f"{training}/delivery")
    assert "A day has no list" in words
    numbers = hidden_numbers(office, training)
    refused = office.staff.send(f"{training}/delivery", status=422, **numbers)
    assert "A day of the training has no attendance list." in refused
    office.staff.send(f"{training}/delivery", **numbers, days_without_list=[str(TODAY - timedelta(1))])
    assert Training.objects.first().rosters[0].present_ids == [UUID(one) for one in ids[:2]]


def test_seats_by_number_are_given_back_on_a_page(office):
    place, training = enrolled_place(office), office.planned()
    enterprise = key_of(place)
    office.staff.send(f"{training}/rosters", shown=training, enterprise_id=enterprise, **TWO)
    page, form = (f"{training}/rosters/{enterprise}/{part}" for part in ("names", "seats"))
    one = {"seats.managers.women": "1", "seats.managers.men": "0", "seats.workers.women": "0", "seats.workers.men": "1"}
    office.staff.send(form, shown=page, **one)
    assert Training.get(UUID(key_of(training))).roster_of(UUID(enterprise)).size == 2
    more = {**one, "seats.workers.men": "9"}
    assert 'value="9"' in office.staff.send(form, shown=page, status=422, **more)
