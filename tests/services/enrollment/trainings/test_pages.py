"""A training's forms: its plan, its room, its lead."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from services.enrollment.enterprises.model import Enterprise
from services.enrollment.trainers.handlers import names
from services.enrollment.trainings.model import Training
from shared.contracts.parties import Party
from shared.contracts.wire.compacted import Tombstone
from shared.kernel import ids
from tests.support import factories
from tests.support.enrolling import completed
from tests.support.office import TODAY, TWO, enrolled_place, key_of
from tests.support.records import Group, party_records
from tests.support.trainers import known_trainer


def test_a_training_is_moved_and_cancelled(office):
    training = office.planned()
    later = TODAY + timedelta(7)
    office.staff.send(
        f"{training}/plan", **{"days.0": str(later), "zone": "Asia/Jakarta", "reason": "venue_unavailable"}
    )
    assert str(later.year) in office.staff.read(training)
    assert "Attendance to be entered" not in office.staff.read(training)
    office.staff.send(f"{training}/cancellation", shown=training, reason="too_few_participants")
    assert "Cancelled: Too few people take part." in office.staff.read(training)


def test_a_larger_room_lets_who_waits_move_up_and_never_gets_too_small(office):
    first = enrolled_place(office)
    second = enrolled_place(office, "Sinar Terang", place="Malang", province="ID-JI")
    training = office.planned(capacity=3)
    for place in (first, second):
        office.staff.send(f"{training}/rosters", shown=training, enterprise_id=key_of(place), **TWO)
    assert "Waiting list" in office.staff.read(training)
    assert "With more seats the waiting list moves up by itself. From 1 to 500." in office.staff.read(training)
    too_small = office.staff.send(f"{training}/capacity", shown=training, status=422, capacity="1")
    assert "More seats than this are taken already. Write at least as many as are taken." in too_small
    place = office.staff.send(f"{training}/capacity", shown=training, capacity="4")
    assert place == training
    words = office.staff.read(training)
    assert "4 of 4" in words
    assert "Waiting list" not in words


def test_the_form_of_seats_asks_about_who_completed_the_module(office):
    first, second = enrolled_place(office), enrolled_place(office, "Sinar Terang", place="Malang", province="ID-JI")
    training = office.planned()
    assert "attends it again" not in office.staff.read(training)
    completed(Enterprise.get(UUID(key_of(first))), "M1")
    words = office.staff.read(training)
    assert "Contoh Jaya, completed this module" in words
    assert "Sinar Terang, completed this module" not in words
    refused = office.staff.send(
        f"{training}/rosters", shown=training, status=422, enterprise_id=key_of(first), **TWO, again="false"
    )
    assert "This enterprise completed the module already." in refused
    office.staff.send(f"{training}/rosters", shown=training, enterprise_id=key_of(first), **TWO, again="true")
    office.staff.send(f"{training}/rosters", shown=training, enterprise_id=key_of(second), **TWO)
    assert "4 of 20" in office.staff.read(training)


def test_a_candidate_is_planned_under_an_expert(office):
    office.planned()  # its trainer is certified, and becomes the expert
    expert, candidate = Training.objects.first().lead_trainer_id, known_trainer(of=ids.new())
    assert "Supervised" not in office.staff.read("/trainings/new")
    factories.candidate(candidate, expert, [TODAY - timedelta(1), TODAY + timedelta(30)])
    assert "name not known: M1 under name not known until" in office.staff.read("/trainings/new")
    asked = {
        "days.0": str(TODAY), "module": "M1", "lead_trainer_id": str(candidate), "zone": "Asia/Jakarta",
        "delivery_mode": "direct", "kind": "supervised",
    }  # fmt: skip
    refused = office.staff.send("/trainings/new", status=422, **asked)
    assert "A supervised training needs a supervisor. Choose an expert." in refused
    training = office.staff.send("/trainings/new", **asked, supervisor_id=str(expert))
    words = office.staff.read(training)
    assert "Supervised, led by a candidate under an expert" in words
    assert "Expert in charge name not known" in words
    moved = {"days.0": str(TODAY + timedelta(1)), "zone": "Asia/Jakarta", "reason": "other"}
    office.staff.send(f"{training}/plan", **moved, lead_trainer_id=str(candidate), supervisor_id=str(expert))
    kept = Training.get(UUID(key_of(training)))
    assert (kept.days, kept.supervisor_id) == ([TODAY + timedelta(1)], expert)


def test_a_provider_chooses_among_its_own_trainers_and_freelances_by_name(office):
    training = office.planned()
    lead = Training.objects.first().lead_trainer_id
    stranger, freelance = factories.entitled(ids.new(), of=ids.new()), factories.entitled(ids.new())
    assert "Lead trainer name not known" in office.staff.read(training)
    hear(Party(party_id=lead, version=1, kind="person", name="Sari Contoh", belongs_to=office.provider))
    hear(Party(party_id=stranger, version=1, kind="person", name="Orang Lain", belongs_to=ids.new()))
    hear(Party(party_id=freelance, version=1, kind="person", name="Orang Lepas"))
    assert "Lead trainer Sari Contoh" in office.staff.read(training)
    offered = office.staff.read("/trainings/new")
    assert "Sari Contoh: M1 until" in offered
    assert "Orang Lepas: M1 until" in offered
    assert "Orang Lain" not in offered
    assert stranger.hex[-8:] not in offered
    assert "Orang Lain: M1 until" in office.programme.read("/trainings/new")
    hear(Tombstone(key=lead, version=2))
    assert "Lead trainer name not known" in office.staff.read(training)


def hear(party):
    Group(names).take(party_records("certification", [party]))


def test_lists_are_searched_by_the_beginnings_of_names(office):
    """Rows of enterprises and of trainings, whose names are those of their enterprises; one that has none is no error."""
    place = enrolled_place(office)
    office.sign_up("Sinar Terang")
    training, empty = office.planned(), office.planned(days=(TODAY + timedelta(1),))
    office.staff.send(f"{training}/rosters", shown=training, enterprise_id=key_of(place), **TWO)
    office.staff.send(f"{empty}/rosters", shown=empty, enterprise_id=key_of(place), **TWO)
    office.staff.send(f"{empty}/rosters/withdrawal", shown=empty, enterprise_id=key_of(place), reason="no_time")
    listed = office.staff.client.get("/enterprises?q=cv+con").text
    assert "Contoh Jaya" in listed
    assert "Sinar Terang" not in listed
    listed = office.staff.client.get("/trainings?q=conto").text
    assert training in listed
    assert empty not in listed
    assert "1 enterprise" in office.staff.read("/enterprises?q=sinar")
