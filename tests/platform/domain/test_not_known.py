"""What an id is that is not known here: not known yet while it is new or its group is behind, unknown afterwards."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from shared.contracts.event import topic_of, type_of
from shared.contracts.events.certification import TrainerRegistered
from shared.contracts.events.enrollment import EnterpriseRegistered
from shared.domain.errors import Invalid, NotKnownYet
from shared.domain.not_known import begin_to_hear, forget_other_groups, may_be_heard_of, note_heard, refusal
from shared.kernel import ids
from shared.kernel.errors import Fault
from shared.messaging.bookmarks import Bookmark
from shared.messaging.kafka.heard_until import HeardUntil
from shared.messaging.subscriptions import ConsumerGroup
from tests.support import toy
from tests.support.engines import environment
from tests.support.fixture_types import Stores

LATEST = UUID("ffffffff-ffff-7fff-bfff-ffffffffffff")
UNKNOWN = Fault("unknown-enterprise")
PLACES = [(topic_of(EnterpriseRegistered), number) for number in (0, 1)]
TYPES = [type_of(EnterpriseRegistered)]


@pytest.fixture(autouse=True)
def _on_a_store(store: Stores) -> None:
    store(toy.SERVICE)


def made(seconds_ago: float) -> UUID:
    """An id of another moment."""
    moment = ids.present() - timedelta(seconds=seconds_ago)
    return UUID(int=ids.new().int & (1 << 80) - 1 | int(moment.timestamp() * 1_000) << 80)


def test_an_id_says_when_it_was_made() -> None:
    told = ids.made_at(made(90))
    assert told is not None
    assert 89 < (ids.present() - told).total_seconds() < 99
    assert ids.made_at(uuid4()) is ids.made_at(ids.derived("journey", "x")) is None


def test_only_a_new_id_may_still_be_heard_of() -> None:
    assert may_be_heard_of(ids.new(), EnterpriseRegistered)
    assert may_be_heard_of(made(-30), EnterpriseRegistered)  # made by a clock that goes before ours
    for never in (made(61), made(-90), made(-1e9), uuid4(), ids.derived("x"), UUID(int=0), LATEST):
        assert not may_be_heard_of(never, EnterpriseRegistered), never
    with environment(SCORE_KNOWN_WITHIN_SECONDS="0"):
        assert not may_be_heard_of(ids.new(), EnterpriseRegistered)


def test_what_a_group_that_is_behind_has_not_heard_may_come() -> None:
    old, older, oldest = made(300), made(600), made(10_000)
    assert not may_be_heard_of(old, EnterpriseRegistered)
    begin_to_hear("consulting.scope", PLACES, TYPES)
    assert may_be_heard_of(oldest, EnterpriseRegistered)
    note_heard("consulting.scope", PLACES[:1], ids.present(), TYPES)
    assert may_be_heard_of(oldest, EnterpriseRegistered), "the other partition has not been heard"
    begin_to_hear("consulting.scope", PLACES, TYPES)  # another start forgets nothing
    note_heard("consulting.scope", PLACES[1:], ids.present() - timedelta(seconds=450), TYPES)
    assert may_be_heard_of(old, EnterpriseRegistered)
    assert not may_be_heard_of(older, EnterpriseRegistered)
    assert not may_be_heard_of(old, TrainerRegistered), "a group that does not listen to it holds nothing up"
    note_heard("consulting.scope", [("score.finance", 0)], ids.present() - timedelta(days=1), TYPES)
    assert not may_be_heard_of(older, EnterpriseRegistered), "nor does a topic that does not carry it"
    forget_other_groups(["consulting.names"])
    assert not may_be_heard_of(old, EnterpriseRegistered)


def test_asking_again_is_offered_only_where_it_may_help() -> None:
    new, old = ids.new(), made(120)
    waits = refusal(EnterpriseRegistered, {"/a": new, "/b": new}, UNKNOWN)
    assert isinstance(waits, NotKnownYet)
    assert (waits.status, waits.headers) == (409, {"Retry-After": "2"})
    assert [fault.pointer for fault in waits.errors] == ["/a", "/b"]
    ends = refusal(EnterpriseRegistered, {"/a": new, "/b": old}, UNKNOWN)
    assert isinstance(ends, Invalid)
    assert ([fault.pointer for fault in ends.errors], ends.headers) == (["/b"], {})


def _nothing(_group: str) -> bool:
    return False


def test_a_group_has_heard_what_the_log_held_once_it_has_read_so_far() -> None:
    group = ConsumerGroup("toy.scope")
    group.handles(EnterpriseRegistered)(lambda _event, _about: None)
    heard, old, now = HeardUntil(group), made(300), ids.present()
    heard.assigned(PLACES)
    heard.told(now, {PLACES[0]: 7, PLACES[1]: 0})
    heard.told(now + timedelta(seconds=900), {PLACES[0]: 9, PLACES[1]: 0})  # busy: the earlier end comes first
    heard.look({PLACES[0]: Bookmark(6)}, _nothing)
    assert may_be_heard_of(old, EnterpriseRegistered)
    heard.look({PLACES[0]: Bookmark(7)}, lambda _group: True)
    assert may_be_heard_of(old, EnterpriseRegistered), "what retention took has been asked for"
    heard.look({PLACES[0]: Bookmark(7)}, _nothing)
    assert not may_be_heard_of(old, EnterpriseRegistered)


def test_a_projection_judges_no_ids() -> None:
    group = ConsumerGroup("toy.figures", projection=(toy.SERVICE.documents[0],))
    group.handles(EnterpriseRegistered)(lambda _event, _about: None)
    HeardUntil(group).assigned(PLACES)
    assert not may_be_heard_of(made(300), EnterpriseRegistered)
