"""The records on the topics, permuted without regard to their keys and doubled, through the real groups: the same state."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

import pytest

from services.enrollment.enterprises import commands as enterprises_commands
from services.enrollment.journeys.handlers import journeys
from services.enrollment.journeys.model import Journey
from services.enrollment.trainers.handlers import entitlements
from services.enrollment.trainings import commands as trainings_commands
from shared.contracts.event import Event, key_of, topic_of
from shared.contracts.events import certification, consulting
from shared.kernel import ids
from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM
from shared.messaging.inbox.store import MongoInbox
from shared.messaging.ports import Incoming
from shared.messaging.subscriptions import ConsumerGroup
from shared.storage import connection
from tests.support import factories
from tests.support.broker import Broker
from tests.support.engines import environment
from tests.support.factories import ALPHA, attendance, days_ago
from tests.support.fixture_types import Enter
from tests.support.histories import History, certificate, one, play, state, visit
from tests.support.records import records_of
from tests.support.waiting import until
from tests.support.worker_loops import running

# kafka-python leaves sockets of refused connections to the garbage collector
pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
QUICK = {"SCORE_LEASE_SECONDS": "3", "SCORE_SESSION_TIMEOUT_MS": "6000"}
GROUPS = (journeys, entitlements)
FIRMS = (1, 2, 3, 4)


@pytest.fixture(autouse=True)
def _as_the_system(enter: Enter) -> Iterator[None]:
    enter("enrollment")
    with environment(**QUICK), acting_as(SYSTEM):
        yield


def classrooms() -> None:
    """Two classrooms of four enterprises; the first was delivered, the second too and taken back."""
    factories.institution(ALPHA)
    firms = [one("enterprise", number) for number in FIRMS]
    for firm in firms:
        enterprises_commands.register_enterprise(
            id=firm, name="Kayu", legal_form="CV", province="ID-JT", sector="metal", headcount={"women": 20, "men": 20},
            contact={"name": "Ratna", "language": "id"}, provider_id=ALPHA, delivery_mode="direct",
            confirm_distinct="branch",
        )  # fmt: skip
    lead = factories.entitled(one("lead", 1))
    for number, days in ((1, days_ago(30, 29)), (2, days_ago(10, 9))):
        factories.training(ALPHA, *firms, id=one("training", number), trainer=lead, days=days)


def deliver() -> None:
    firms = [one("enterprise", number) for number in FIRMS]
    for number in (1, 2):
        trainings_commands.deliver_training(one("training", number), attendance=attendance(*firms))
    trainings_commands.reverse_delivery(one("training", 2), reason="not_held")


def told() -> list[Event]:
    accepted, voided = consulting.VisitAccepted, consulting.VisitVoided
    return [
        *(visit(accepted, number, 1, days) for number, days in ((1, 28), (2, 20), (3, 12), (4, 8), (5, 31))),
        visit(voided, 2, 1, 20),
        *(visit(accepted, number, 2, days) for number, days in ((1, 29), (2, 25), (3, 25))),
        *(visit(accepted, number, 3, days) for number, days in ((1, 7), (2, 6), (3, 5))),
        visit(voided, 3, 3, 5),
        visit(accepted, 1, 4, 40),
        certificate(certification.TrainerCertified, 1),
        certificate(certification.CertificateSuspended, 1),
        certificate(certification.CertificateRenewed, 1),
        certificate(certification.TrainerCertified, 2),
        certificate(certification.CertificateRevoked, 2),
    ]


def heard(group: ConsumerGroup, events: list[Event]) -> bool:
    """Whether the group stands behind the last event of every key of its topics, with nothing parked."""
    wanted = Counter(
        (topic_of(type(event)), key_of(event)) for event in events if topic_of(type(event)) in group.topics
    )
    cursors = MongoInbox(group.group).cursors(list(wanted))
    reached = {place: cursor.sequence for place, cursor in cursors.items()}
    return reached == wanted and connection.database()["parked"].count_documents({"group": group.group}) == 0


def consumed(broker: Broker, records: list[Incoming], events: list[Event], meanwhile: Callable[[], object]) -> None:
    """What the real groups make of these records, the classrooms being delivered when they have taken half of them."""
    half = len(records) // 2
    for record in records[:half]:
        broker.send(record)
    with running(relay=False, control=False) as loops:
        runners = [loops.group(group) for group in GROUPS]
        until(lambda: all(runner.lag == 0 for runner in runners), "the first half was taken")
        assert Journey.objects.first() is not None, "visits came before the classroom"
        meanwhile()
        for record in records[half:]:
            broker.send(record)
        until(lambda: all(heard(group, events) for group in GROUPS), "everything was heard")


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_permuted_and_doubled_records_end_in_the_same_state(
    broker: Broker, clean: Callable[[str], None], seed: int
) -> None:
    events = told()
    records = records_of(events)
    classrooms()
    deliver()
    play(History("enrollment", GROUPS, list), list(records), batch=50)
    intended = state("enrollment")
    assert {number: _journey(number).state for number in FIRMS} == {
        1: "completed",
        2: "completed",
        3: "open",
        4: "open",
    }

    clean("enrollment")
    classrooms()
    choices = random.Random(seed)
    permuted = [*records, *choices.sample(records, len(records))]
    choices.shuffle(permuted)
    consumed(broker, permuted, events, deliver)
    assert state("enrollment") == intended


def _journey(number: int) -> Any:
    journey_id: UUID = ids.derived("journey", one("enterprise", number), "M1")
    return Journey.get(journey_id)
