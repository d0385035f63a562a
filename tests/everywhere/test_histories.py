"""Golden histories, shuffled across keys and with repeats, through the real delivery: the same state whatever came first."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from services.consulting.enterprises.handlers import scope
from services.consulting.visits import commands as visits_commands
from services.consulting.visits.handlers import required
from services.enrollment.enterprises import commands as enterprises_commands
from services.enrollment.journeys.handlers import journeys
from services.enrollment.trainers.handlers import entitlements
from services.enrollment.trainings import commands as trainings_commands
from services.finance.billing.handlers import billing
from services.finance.prices import commands as prices_commands
from services.notifications.letters.handlers import letters
from services.notifications.occasions.handlers import occasions
from services.notifications.preferences.handlers import consents
from services.notifications.recipients.handlers import addresses
from services.notifications.trainings.handlers import trainings
from services.reporting.projections.handlers import results
from shared.contracts.event import Event
from shared.contracts.events import certification, consulting
from shared.contracts.events import enrollment as enrolled
from shared.contracts.events.finance import InvoiceIssued
from shared.contracts.parties import Party
from shared.contracts.values import Attendance, DeliveredEnterprise, Headcount, InvitedEnterprise
from shared.messaging.ports import Incoming
from tests.support import factories
from tests.support.arrival_order import Shuffle
from tests.support.billing import billed_for
from tests.support.deliveries import delivery
from tests.support.factories import ALPHA, BETA, SEATS, days_ago
from tests.support.fixture_types import Enter
from tests.support.golden_programme import PROGRAMME
from tests.support.histories import History, Item, certificate, changed, one, play, state, visit
from tests.support.records import key_of_record, party_records, records_of


def _classrooms() -> None:
    factories.institution(ALPHA)
    for number in (1, 2, 3):
        enterprises_commands.register_enterprise(
            id=one("enterprise", number), name="Kayu", legal_form="CV", province="ID-JT", sector="metal",
            headcount={"women": 20, "men": 20},
            contact={"name": "Ratna", "language": "id"}, provider_id=ALPHA, delivery_mode="direct",
            confirm_distinct="branch",
        )  # fmt: skip
    lead = factories.entitled(one("lead", 1))
    made = factories.training(
        ALPHA,
        *(one("enterprise", number) for number in (1, 2, 3)),
        id=one("training", 1),
        trainer=lead,
        days=days_ago(10, 9),
    )
    assert made.id == one("training", 1)


def _deliver() -> None:
    trainings_commands.deliver_training(
        one("training", 1),
        attendance=[{"enterprise_id": one("enterprise", number), "attended": SEATS} for number in (1, 2, 3)],
    )


def _enrollment() -> list[Item]:
    accepted, voided = consulting.VisitAccepted, consulting.VisitVoided
    events = [
        *(visit(accepted, number, 1, days) for number, days in ((1, 8), (2, 6), (3, 4), (4, 2), (5, 12))),
        visit(voided, 2, 1, 6),
        *(visit(accepted, number, 2, days) for number, days in ((1, 9), (2, 9), (3, 1), (4, 1))),
        visit(accepted, 1, 3, 7),
        visit(voided, 1, 3, 7),
        certificate(certification.TrainerCertified, 1),
        certificate(certification.CertificateSuspended, 1),
        certificate(certification.CertificateRenewed, 1, valid_to=date(2032, 1, 14)),
        certificate(certification.TrainerCertified, 2),
        certificate(certification.CertificateRevoked, 2),
        *(
            changed(consulting.BaselineAssessed, assessment_id=one("assessment", days), enterprise_id=one("enterprise", 1),
                    assessed_on=days_ago(days)[0])
            for days in (30, 20)
        ),
    ]  # fmt: skip
    return [*records_of(events), _deliver]


def _finance() -> list[Item]:
    shared = one("enterprise", 1)
    first, second, third = (one("training", number) for number in (1, 2, 3))
    happened, taken_back = enrolled.TrainingDelivered, enrolled.DeliveryReversed
    events = [
        delivery(happened, first, shared, one("enterprise", 2)),
        delivery(taken_back, first, shared, one("enterprise", 2)),
        delivery(happened, second, shared, days=5),
        delivery(happened, third, one("enterprise", 3), days=3),
        delivery(taken_back, third, one("enterprise", 3), days=3),
        delivery(happened, third, one("enterprise", 3), days=3),
        delivery(taken_back, third, one("enterprise", 3), days=3),
    ]
    prices: list[Item] = [
        lambda: prices_commands.set_price(
            module="M1", amount=1_000, valid_from=date(2020, 1, 1), provider_id=billed_for(ALPHA)
        )
    ]
    return [*records_of(events), *prices]


def _consulting() -> list[Item]:
    def registered(number: int) -> Event:
        return enrolled.EnterpriseRegistered(
            enterprise_id=one("enterprise", number), province="ID-JT", sector="metal",
            headcount=Headcount(women=1, men=1), provider_id=ALPHA, delivery_mode="direct",
        )  # fmt: skip

    events = [
        *(registered(number) for number in (1, 2, 3, 4)),
        changed(enrolled.EnterpriseProviderChanged, enterprise_id=one("enterprise", 1), provider_id=BETA),
        changed(enrolled.EnterpriseCorrected, enterprise_id=one("enterprise", 4), province="ID-BA", provider_id=ALPHA),
        changed(enrolled.EnterpriseWithdrawn, enterprise_id=one("enterprise", 2)),
        enrolled.EnterprisesMerged(merged_id=one("enterprise", 3), kept_id=one("enterprise", 4)),
        *(
            changed(enrolled.ModuleVersionPublished, module_version_id=one("version", n), module=f"M{n}")
            for n in (1, 2)
        ),
        changed(enrolled.ModuleVersionPublished, module_version_id=one("version", 3), module="M1", module_version=2),
        delivery(
            enrolled.TrainingDelivered, one("training", 1), *(one("enterprise", number) for number in (1, 2, 3, 5, 6))
        ),
        delivery(enrolled.TrainingDelivered, one("training", 2), one("enterprise", 4), one("enterprise", 5), days=5),
        delivery(enrolled.DeliveryReversed, one("training", 2), one("enterprise", 4), one("enterprise", 5), days=5),
        delivery(enrolled.TrainingDelivered, one("training", 2), one("enterprise", 5), days=3),
        registered(5),
    ]
    return [*records_of(events), _plan_a_visit]


def _plan_a_visit() -> None:
    """Plan the second visit, whether the classroom that requires it is known or not."""
    visits_commands.schedule_visit(
        enterprise_id=one("enterprise", 6),
        module="M1",
        number=2,
        planned_on=days_ago(1)[0],
        trainer_id=factories.visiting(one("lead", 2)),
    )


def _known_to_consulting() -> None:
    """It was in a classroom of the module once, so a visit may be planned whether it was told of the second or not."""
    factories.known_enterprise(ALPHA, one("enterprise", 6))


def _notifications() -> list[Item]:
    def party(payer: int, version: int, **values: Any) -> Party:
        known = {"email": "usaha@example.org", "language": "id", **values}
        return Party(party_id=one("payer", payer), version=version, kind="enterprise", name="CV Contoh", **known)

    parties = [
        party(1, 1), party(1, 2, language="en"), party(2, 1, email=None), party(2, 2), party(3, 1), party(3, 2, email=None),
    ]  # fmt: skip
    events = [changed(InvoiceIssued, invoice_id=one("invoice", n), payer_id=one("payer", n)) for n in (1, 2, 3, 4)]
    named = tuple(one("payer", n) for n in (1, 2, 3, 4))
    came = DeliveredEnterprise(
        enterprise_id=one("enterprise", 1), journey_id=one("journey", 1), participant_ids=named,
        attendance=Attendance(managers=Headcount(women=1, men=1), workers=Headcount(women=1, men=1)),
    )  # fmt: skip
    invited = (InvitedEnterprise(enterprise_id=one("payer", 1), participant_ids=named[1:]),)
    events += [
        changed(enrolled.TrainingDelivered, training_id=one("training", 1), enterprises=(came,)),
        changed(enrolled.DeliveryReversed, training_id=one("training", 1), enterprises=(came,)),
        changed(enrolled.TrainingDelivered, training_id=one("training", 1), enterprises=(came,)),
        changed(enrolled.TrainingRescheduled, training_id=one("training", 2), invited=invited),
        changed(enrolled.TrainingCancelled, training_id=one("training", 2), invited=invited),
        *_planned_trainings(),
        *_visits(),
        changed(certification.TrainerCertified, qualification_id=one("qualification", 1), trainer_id=one("payer", 3)),
        changed(
            certification.CertificateSuspended, qualification_id=one("qualification", 1), trainer_id=one("payer", 3)
        ),
        *(
            changed(enrolled.ConsentChanged, participant_id=one("payer", 2), purposes=purposes)
            for purposes in (("training",), ("training", "contact"))
        ),
    ]
    return [*records_of(events), *party_records("enrollment", parties)]


def _planned_trainings() -> list[Event]:
    """Three classrooms that are planned, filled, moved, called off, in each its own order."""

    def planned(kind: type[Event], number: int, ahead: int, **more: Any) -> Event:
        days = tuple(days_ago(-ahead, -ahead - 1))
        return changed(kind, training_id=one("planned", number), days=days, lead_trainer_id=one("payer", 4), **more)

    def roster(kind: type[Event], number: int, firm: int, *people: int, **more: Any) -> Event:
        named = tuple(one("payer", person) for person in people)
        return changed(
            kind, training_id=one("planned", number), enterprise_id=one("payer", firm), participant_ids=named, **more
        )

    invited = (InvitedEnterprise(enterprise_id=one("payer", 1), participant_ids=(one("payer", 2),)),)
    return [
        planned(enrolled.TrainingScheduled, 1, 20),
        roster(enrolled.RosterSeated, 1, 1, 2),
        planned(enrolled.TrainingRescheduled, 1, 30, previous_days=tuple(days_ago(-20, -21)), invited=invited),
        planned(enrolled.TrainingScheduled, 2, 20),
        roster(enrolled.RosterSeated, 2, 1, 2),
        roster(enrolled.RosterWaitlisted, 2, 2, 3, position=1),
        roster(enrolled.RosterWithdrawn, 2, 1, 2, reason="no_time"),
        roster(enrolled.RosterSeated, 2, 2, 3),
        planned(enrolled.TrainingScheduled, 3, 20),
        roster(enrolled.RosterSeated, 3, 1, 2),
        planned(enrolled.TrainingCancelled, 3, 20, invited=invited),
    ]


def _visits() -> list[Event]:
    days = days_ago(-10, -12, -14)
    about: dict[str, Any] = {
        "visit_id": one("visit", 1),
        "enterprise_id": one("payer", 1),
        "trainer_id": one("payer", 3),
    }
    return [
        changed(consulting.VisitScheduled, **about, planned_on=days[0]),
        changed(consulting.VisitRescheduled, **about, planned_on=days[1], previous_on=days[0]),
        changed(consulting.VisitRescheduled, **about, planned_on=days[2], previous_on=days[1]),
        changed(consulting.VisitCancelled, **{**about, "visit_id": one("visit", 2)}, planned_on=days[2]),
    ]


def _reporting() -> list[Item]:
    return list(records_of(PROGRAMME))


HISTORIES = [
    History("enrollment", (journeys, entitlements), _enrollment, _classrooms),
    History("finance", (billing,), _finance),
    History("consulting", (scope, required), _consulting, _known_to_consulting),
    History("notifications", (letters, trainings, consents, addresses, occasions), _notifications),
    History("reporting", (results,), _reporting),
]


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("history", HISTORIES, ids=lambda history: history.service)
def test_any_order_across_keys_ends_in_the_same_state(
    enter: Enter, clean: Callable[[str], None], system: None, history: History, seed: int
) -> None:
    enter(history.service)
    history.before()
    told = history.told()
    play(history, told, batch=50)
    intended = state(history.service)
    assert any(intended.values())

    clean(history.service)
    history.before()
    shuffled = Shuffle(seed)(told, lambda item: key_of_record(item) if isinstance(item, Incoming) else item)
    choices = random.Random(seed)
    for record in choices.sample([item for item in shuffled if isinstance(item, Incoming)], 5):
        shuffled.insert(choices.randint(shuffled.index(record), len(shuffled)), record)
    play(history, shuffled, batch=choices.choice([1, 3, 9]))
    assert state(history.service) == intended
