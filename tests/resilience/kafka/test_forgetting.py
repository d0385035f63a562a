"""A broker forgets whom the platform has erased, on a quiet topic too, and nobody takes that for a loss."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from shared.contracts.control import CONTROL_TOPIC
from shared.contracts.parties import CONTACTS
from shared.contracts.wire.compacted import Tombstone
from shared.kernel import ids
from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM
from shared.messaging.kafka.cluster import physical
from shared.messaging.kafka.topics import Topics
from shared.messaging.outbox.compacted import CompactedOutbox, close_segments
from shared.storage import connection
from tests.resilience.kafka.ground import PATIENCE, Ground, until
from tests.support import toy
from tests.support.engines import environment
from tests.support.fixture_types import Stores
from tests.support.toy_histories import person, say
from tests.support.worker_loops import QUICK, running

pytestmark = [pytest.mark.kafka, pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")]
PARTIES = CONTACTS.of("enrollment")
SOON_MS = 3_000


@pytest.fixture
def quiet(ground: Ground, store: Stores) -> Iterator[Ground]:
    """A topic of parties that is compacted soon, and kept for ever."""
    store(toy.SERVICE)
    chosen = {
        "SCORE_KAFKA": ground.engine.addresses,
        "SCORE_TOPIC_PREFIX": f"{ground.fresh_name('quiet')}.",
        "SCORE_TOPIC_RETENTION_MS": "-1",
        "SCORE_TOPIC_RETENTION_BYTES": "-1",
        "SCORE_CONTACTS_COMPACTION_MS": str(SOON_MS),
    }
    with environment(**QUICK, **chosen), acting_as(SYSTEM):
        topics = Topics()
        topics.create(events=[toy.TOPIC, CONTROL_TOPIC], compacted=[PARTIES])
        topics.close()
        yield ground


def test_an_erased_person_goes_from_a_quiet_topic(quiet: Ground) -> None:
    gone, stays, heard = ids.new(), ids.new(), []
    outbox, group = CompactedOutbox(CONTACTS, "enrollment"), toy.recording("enrollment.reader")
    group.handles_party("enrollment")(lambda party: heard.append(party.key))
    with running(group):
        say(person(1, gone), person(1, stays))
        until(lambda: sorted(heard) == sorted((gone, stays)), "heard")
        epoch = outbox.epoch()
        say(Tombstone(key=gone, version=2))
        until(lambda: heard.count(gone) == 2, "the erasure is heard")
        until(lambda: in_the_log(quiet, gone) == [False, True], "the topic holds the person, and the erasure behind")
        closed = 0

        def closing() -> int:
            nonlocal closed
            closed += close_segments()
            return closed

        until(lambda: closing() == 2, "what replaced something was sent once more")
        until(lambda: not any(value is False for value in in_the_log(quiet, gone)), "compacted away", 2 * PATIENCE)
        assert any(value is False for value in in_the_log(quiet, stays)), "who was not erased stays"
        until(lambda: outbox.oldest_pending() is None, "sent")
        assert outbox.epoch() == epoch, "the relay took the gap for a loss"
        say(person(3, stays))
        until(lambda: heard.count(stays) == 2, "and the group reads on")
    assert connection.database()["contacts"].find_one({"_id": gone})["erased"]


def in_the_log(ground: Ground, party_id: object) -> list[bool]:
    """Of each record about a person whether it is an erasure, in the order of the log."""
    return [record.value is None for record in ground.read(physical(PARTIES)) if record.key == str(party_id).encode()]


def test_a_topic_of_parties_that_was_made_otherwise_is_set_right(quiet: Ground) -> None:
    topics = Topics()
    try:
        with environment(SCORE_CONTACTS_COMPACTION_MS="60000"):
            differing = topics.differing([PARTIES])
            assert differing == {PARTIES: {"segment.ms": "1500", "max.compaction.lag.ms": "3000"}}
            assert topics.create(events=[], compacted=[PARTIES]) == []
            assert topics.differing([PARTIES]) == {}
    finally:
        topics.close()
