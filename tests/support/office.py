"""A provider's staff in front of enrollment's pages, and the programme's."""

from __future__ import annotations

from datetime import timedelta

from services.enrollment.institutions import commands as institutions_commands
from services.enrollment.trainers import commands as trainers_commands
from services.enrollment.trainings import commands as trainings_commands
from shared.kernel import clock, ids
from tests.support.enrolling import enrolled
from tests.support.trainers import known_trainer
from tests.support.visitor import Visitor

TODAY = clock.today("Asia/Jakarta")

LETTER = b"%PDF-1.4\n% A signed letter; invented.\n" + b"%" * 2_000_000  # larger than a form without a file

SIGN_UP = {
    "name": "Contoh Jaya", "legal_form": "CV", "province": "ID-JT", "place": "Jepara", "sector": "metal",
    "headcount.women": "20", "headcount.men": "20", "delivery_mode": "direct", "contact.name": "Aminah",
    "contact.language": "id",
}  # fmt: skip

TWO = {"seats.managers.women": "1", "seats.managers.men": "0", "seats.workers.women": "1", "seats.workers.men": "0"}


class Office:
    """A provider's staff in front of enrollment's pages, and the programme's."""

    def __init__(self, app):
        self.app = app
        self.provider = institutions_commands.register_institution(
            kind="private_provider", name="Semut Contoh", province="ID-JT"
        ).id
        self.staff = Visitor(app, "provider", institution=self.provider)
        self.programme = Visitor(app, "programme")

    def sign_up(self, name="Contoh Jaya", **changes):
        return self.staff.send("/enterprises/new", **{**SIGN_UP, "name": name, **changes})

    def planned(self, days=(TODAY,), capacity=20):
        trainer = known_trainer(of=self.provider)
        trainers_commands.keep_entitlement(
            qualification_id=ids.derived("qualification", trainer, "M1"), trainer_id=trainer, module="M1",
            valid_from=TODAY - timedelta(30), valid_to=TODAY + timedelta(30), ended_on=None,
        )  # fmt: skip
        training = trainings_commands.schedule_training(
            module="M1", days=list(days), lead_trainer_id=trainer, provider_id=self.provider, zone="Asia/Jakarta",
            delivery_mode="direct", capacity=capacity,
        )  # fmt: skip
        return f"/trainings/{training.id}"


def key_of(place):
    return place.rpartition("/")[2]


def enrolled_place(office, name="Contoh Jaya", **changes):
    place = office.sign_up(name, **changes)
    enrolled(key_of(place))
    return place


PROVIDER = "0190b5a2-7c1e-7000-8000-000000000001"
