"""A lease has one holder at a time."""

from __future__ import annotations

import threading
from datetime import timedelta

from shared.kernel import clock
from shared.storage import connection
from shared.storage.lease import Lease
from shared.storage.transaction import in_new_transaction
from tests.support.engines import environment
from tests.support.toy_store import _on_the_toy_store  # noqa: F401 - for every test here
from tests.support.waiting import until


def test_one_holder_at_a_time(every_write_in_a_transaction) -> None:
    first, second = Lease("relay", "first"), Lease("relay", "second")
    assert [first.hold(), second.hold(), first.hold(), second.hold()] == [True, False, True, False]
    assert first.token == 1
    assert second.tried
    first.release()
    assert second.hold()
    assert not first.hold()
    assert second.token == 2
    first.release()
    assert second.hold(), "who lost a lease cannot give it away"


def test_a_lease_that_is_not_renewed_is_free_and_its_token_rises() -> None:
    with environment(SCORE_LEASE_SECONDS="0.3"):
        first, second = Lease("relay", "first"), Lease("relay", "second")
        assert first.hold()
        until(second.hold, "the lease ran out")
        assert not first.hold()
        assert (first.token, second.token) == (0, 2)


def test_many_who_ask_at_once_and_one_who_gets_it() -> None:
    got: list[bool] = []
    leases = [Lease("relay", f"holder {number}") for number in range(6)]
    threads = [threading.Thread(target=lambda lease=lease: got.append(lease.hold())) for lease in leases]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(got) == [False] * 5 + [True]


def test_no_clock_of_a_wall_keeps_a_lease_or_ends_it() -> None:
    """A store's clock that went back would keep a dead one's lease for as long; one that went ahead would end a living one's."""
    moments = [0.0]
    first, second = (Lease("relay", name, seconds=lambda: moments[0]) for name in ("first", "second"))
    assert first.hold()
    far = clock.now() + timedelta(days=1)
    later = {"$set": {"until": far}}  # as the release before wrote it
    in_new_transaction(lambda: connection.database()["leases"].update_one({"_id": "relay"}, later))
    assert not second.hold()
    moments[0] = 14.0
    assert not second.hold()
    assert first.hold(), "renewed: the row has changed"
    moments[0] = 16.0
    assert not second.hold()
    moments[0] = 31.0
    assert second.hold()
    assert not first.hold()


def test_whoever_starts_in_a_place_need_not_wait_for_the_killed_one_before() -> None:
    killed, successor = (Lease("relay", f"worker-0-{pid}", "worker-0") for pid in (1, 2))
    other = Lease("relay", "worker-1-3", "worker-1")
    assert killed.hold()
    assert not other.hold()
    assert successor.hold()
    assert successor.token == 2, "what the one before still writes is refused"
    assert not killed.hold(), "two in one place do not take turns"
    assert successor.hold()
