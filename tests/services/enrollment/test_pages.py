"""The pages of enrollment, finance and notifications with a real store: what people read and do there, role by role."""

from __future__ import annotations

import re
from datetime import date, timedelta

from services.enrollment.enterprises import commands as enterprises_commands
from services.enrollment.institutions import commands as institutions_commands
from services.enrollment.journeys import commands as journeys_commands
from services.enrollment.service import SERVICE as ENROLLMENT
from services.enrollment.trainers import commands as trainers_commands
from services.enrollment.trainings import commands as trainings_commands
from shared.kernel import ids
from tests.support.enrolling import enrolled
from tests.support.office import PROVIDER, TODAY
from tests.support.trainers import known_trainer
from tests.support.visitor import Visitor


def test_from_an_empty_programme_to_a_completed_module(site):
    app = site(ENROLLMENT)
    programme = Visitor(app, "programme")
    assert "Begin with an institution" in programme.work()
    place = programme.send(
        "/institutions/new", name="Semut Contoh", kind="private_provider", province="ID-JT", language="id"
    )
    institution = place.rpartition("/")[2]
    staff = Visitor(app, "provider", institution=institution)
    assert "Begin with an enterprise" in staff.work()
    described = {
        "name": "Contoh Jaya", "legal_form": "CV", "province": "ID-JT", "sector": "metal", "headcount.women": "30",
        "headcount.men": "40", "delivery_mode": "direct", "contact.name": "Aminah", "contact.email": "aminah@example.org",
        "contact.language": "id",
    }  # fmt: skip
    assert "with 30 to 250 workers, women and men together" in staff.read("/enterprises/new")
    refused = staff.send("/enterprises/new", status=422, **{**described, "headcount.women": "many"})
    assert 'value="Contoh Jaya"' in refused
    enterprise = staff.send("/enterprises/new", **described)
    assert "aminah@example.org" in staff.read(enterprise)
    assert "aminah@example.org" not in staff.read("/enterprises")

    assert "No certified trainer is known yet" in staff.read("/trainings/new")
    trainer = known_trainer()
    trainers_commands.keep_entitlement(
        qualification_id=ids.derived("qualification", trainer, "M1"), trainer_id=trainer, module="M1",
        valid_from=TODAY - timedelta(30), valid_to=TODAY + timedelta(30), ended_on=None,
    )  # fmt: skip
    assert "name not known: M1 until" in staff.read("/trainings/new")
    training = staff.send(
        "/trainings/new", **{"days.0": str(TODAY), "module": "M1", "lead_trainer_id": str(trainer), "zone": "Asia/Jakarta",
        "delivery_mode": "direct"},
    )  # fmt: skip
    seats = {
        "seats.managers.women": "1",
        "seats.managers.men": "0",
        "seats.workers.women": "1",
        "seats.workers.men": "2",
    }
    key = enterprise.rpartition("/")[2]
    assert "CV Contoh Jaya" not in staff.read(training), "not before it is enrolled"
    enrolled(key)
    staff.send(f"{training}/rosters", shown=training, enterprise_id=key, **seats)
    assert "CV Contoh Jaya" in staff.read(training)
    assert "Enter the attendance of 1 training today" in staff.work()

    form = staff.client.get(f"{training}/delivery").text
    boxes = dict(re.findall(r'name="(attendance\.0\.attended\.[a-z.]+)" type="text"[^>]* value="(\d+)"', form))
    assert sorted(boxes.values()) == ["0", "1", "1", "2"], "the boxes hold the seats"
    boxes["attendance.0.attended.workers.men"] = "1"
    staff.send(f"{training}/delivery", **boxes)
    assert "3 visits" in staff.read("/journeys")
    assert "3 visits" in staff.read("/journeys?state=open")
    assert "3 visits" not in staff.read("/journeys?state=completed")
    for number in range(3):
        journeys_commands.count_visit(
            enterprise_id=key, module="M1", provider_id=institution, visit_id=ids.new(), visited_on=TODAY
        )
        journey = f"/journeys/{ids.derived('journey', key, 'M1')}"
        assert staff.read(journey).count("still missing") == 2 - number
    assert "Module completed" in staff.read(journey)

    staff.send(f"{training}/delivery/reversal", shown=training, reason="wrong_attendance")
    assert "the classroom" in staff.read("/journeys")
    assert "Enter the attendance" in staff.read(training)


def test_others_do_not_see_what_is_not_theirs(site):
    app = site(ENROLLMENT)
    provider = institutions_commands.register_institution(
        kind="private_provider", name="Semut Contoh", province="ID-JT"
    )
    both = [enrolled(_enterprise(provider.id, name).id) for name in ("Pertama", "Kedua")]
    trainer = known_trainer()
    trainers_commands.keep_entitlement(
        qualification_id=ids.derived("qualification", trainer, "M1"), trainer_id=trainer, module="M1",
        valid_from=date(2020, 1, 1), valid_to=date(2099, 1, 1), ended_on=None,
    )  # fmt: skip
    training = trainings_commands.schedule_training(
        module="M1", days=[TODAY], lead_trainer_id=trainer, provider_id=provider.id, zone="Asia/Jakarta",
        delivery_mode="direct",
    )  # fmt: skip
    one = {"women": 1, "men": 1}
    for enterprise in both:
        trainings_commands.seat_enterprise(
            training.id, enterprise_id=enterprise.id, seats={"managers": one, "workers": one}
        )
    path = f"/trainings/{training.id}"
    owner = Visitor(app, "enterprise", enterprise=both[0].id)
    words = owner.read(path)
    assert "CV Pertama" in words
    assert "CV Kedua" not in words
    assert "Give an enterprise its seats" not in words
    owner.read(f"{path}/delivery", 403)
    owner.read(f"/enterprises/{both[1].id}", 404)
    assert "Enter the attendance" in Visitor(app, "trainer", trainer=trainer).read(path)
    assert "Enter the attendance" not in Visitor(app, "auditor").read(path)
    Visitor(app, "provider", institution=PROVIDER).read(path, 404)
    Visitor(app, "trainer", trainer=ids.new()).read(path, 404)


def _enterprise(provider_id, name):
    return enterprises_commands.register_enterprise(
        name=name, legal_form="CV", province="ID-JT", sector="metal", headcount={"women": 20, "men": 20},
        contact={"name": "Aminah", "language": "id"}, provider_id=provider_id, delivery_mode="direct",
    )  # fmt: skip
