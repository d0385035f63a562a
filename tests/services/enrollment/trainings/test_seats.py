"""Who sits, who waits and who comes next."""

from __future__ import annotations

import pytest

from services.enrollment.rosters.model import Seats, warnings_about
from shared.contracts.events import enrollment as contract
from shared.domain.errors import Conflict, Invalid, NotFound
from tests.support.classrooms import firm, planned, refusal, said, seats


@pytest.mark.parametrize(
    ("roster", "codes"),
    [
        (seats(2, 2), []),
        (seats(1, 3), ["unusual-mix"]),
        (seats(2, 2, women=False), ["no-woman"]),
        (seats(1, 1, women=False), ["unusual-mix", "no-woman"]),
    ],
)
def test_an_unusual_roster_is_seated_and_remarked_upon(roster: Seats, codes: list[str]) -> None:
    training = planned()
    training.seat(firm(1), roster)
    assert [warning.code for warning in training.placement_of(firm(1)).warnings] == codes
    assert all(str(warning.detail).endswith(".") for warning in warnings_about(roster.counted()))
    assert len(said(training, contract.RosterSeated)) == 1


@pytest.mark.parametrize(("managers", "workers", "role"), [(0, 2, "managers"), (2, 0, "workers")])
def test_a_roster_without_managers_or_workers_is_refused(managers: int, workers: int, role: str) -> None:
    training = planned()
    with pytest.raises(Invalid) as error:
        training.seat(firm(1), seats(managers, workers))
    assert refusal(error) == [(f"/seats/{role}", "role-missing")]
    assert training.rosters == []


def test_a_roster_larger_than_the_room_could_wait_for_ever_and_is_refused() -> None:
    with pytest.raises(Invalid) as error:
        planned(capacity=4).seat(firm(1), seats(3, 3))
    assert refusal(error) == [("/seats", "more-than-room")]


def test_who_does_not_fit_whole_waits_and_the_first_that_fits_comes_next() -> None:
    training = planned(capacity=10)
    training.seat(firm(1), seats(2, 2))
    training.seat(firm(2), seats(2, 2))
    training.seat(firm(3), seats(3, 3))
    training.seat(firm(4), seats(2, 2))
    training.seat(firm(5), seats(1, 1))
    places = {number: training.placement_of(firm(number)) for number in range(1, 6)}
    assert {number: (place.state, place.position) for number, place in places.items()} == {
        1: ("seated", 0), 2: ("seated", 0), 3: ("waiting", 1), 4: ("waiting", 2), 5: ("seated", 0),
    }  # fmt: skip
    assert [event.position for event in said(training, contract.RosterWaitlisted)] == [1, 2]
    training.withdraw(firm(1), "no_staff_free")
    assert [roster.enterprise_id for roster in training.rosters] == [firm(2), firm(5), firm(4)]
    assert training.placement_of(firm(3)).position == 1
    (withdrawn,) = said(training, contract.RosterWithdrawn)
    assert (withdrawn.enterprise_id, withdrawn.reason) == (firm(1), "no_staff_free")
    with pytest.raises(NotFound):
        training.placement_of(firm(1))


@pytest.mark.parametrize("free", ["withdraw", "resize", "release"])
def test_the_waiting_list_moves_up_by_itself_whatever_frees_the_seats(free: str) -> None:
    training = planned(capacity=6)
    training.seat(firm(1), seats(2, 2))
    training.seat(firm(2), seats(2, 2))
    if free == "withdraw":
        training.withdraw(firm(1), "other")
    elif free == "resize":
        training.resize(8)
    else:
        training.release(firm(1), seats(1, 1))
    assert training.placement_of(firm(2)).state == "seated"
    assert said(training, contract.RosterSeated)[-1].enterprise_id == firm(2)


def test_a_room_is_never_made_smaller_than_what_is_taken() -> None:
    training = planned(capacity=10)
    training.seat(firm(1), seats(2, 2))
    with pytest.raises(Invalid) as error:
        training.resize(3)
    assert refusal(error) == [("/capacity", "fewer-than-taken")]
    with pytest.raises(Invalid) as error:
        training.release(firm(1), seats(3, 3))
    assert refusal(error) == [("/seats", "more-than-held")]
    with pytest.raises(Conflict):
        training.seat(firm(1), seats(1, 1))
