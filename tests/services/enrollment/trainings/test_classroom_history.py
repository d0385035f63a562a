"""No history of a classroom breaks a promise."""

from __future__ import annotations

from uuid import UUID

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from shared.contracts.events import enrollment as contract
from tests.support.classrooms import TODAY, firm, planned, said, seats


class ClassroomHistory(RuleBasedStateMachine):
    """Any order of claims, withdrawals, rooms, delivery and reversal."""

    def __init__(self) -> None:
        super().__init__()
        self.training = planned(capacity=10)
        self.claims: list[UUID] = []
        self.number = 0

    @precondition(lambda self: self.training.state == "scheduled")
    @rule(managers=st.integers(1, 3), workers=st.integers(1, 3))
    def claim(self, managers: int, workers: int) -> None:
        self.number += 1
        if managers + workers <= self.training.capacity:
            self.training.seat(firm(self.number), seats(managers, workers))
            self.claims.append(firm(self.number))

    @precondition(lambda self: self.training.state == "scheduled" and self.claims)
    @rule(data=st.data())
    def withdraw(self, data: st.DataObject) -> None:
        gone = data.draw(st.sampled_from(self.claims))
        self.training.withdraw(gone, "other")
        self.claims.remove(gone)

    @precondition(lambda self: self.training.state == "scheduled")
    @rule(capacity=st.integers(6, 24))
    def resize(self, capacity: int) -> None:
        if capacity >= self.training.seats_taken:
            self.training.resize(capacity)

    @precondition(lambda self: self.training.state == "scheduled" and self.claims)
    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        self.training.release(data.draw(st.sampled_from(self.claims)), seats(1, 1))

    @precondition(lambda self: self.training.state == "scheduled")
    @rule()
    def deliver(self) -> None:
        self.training.deliver({roster.enterprise_id: roster.seats for roster in self.training.rosters}, today=TODAY)

    @precondition(lambda self: self.training.state == "delivered")
    @rule()
    def reverse(self) -> None:
        self.training.reverse("other", today=TODAY)

    @invariant()
    def no_seat_is_sold_twice(self) -> None:
        assert self.training.seats_taken <= self.training.capacity

    @invariant()
    def no_claim_is_lost(self) -> None:
        held = [roster.enterprise_id for roster in (*self.training.rosters, *self.training.waiting)]
        assert sorted(held) == sorted(self.claims)
        assert sorted(self.training.enterprise_ids) == sorted(self.claims)

    @invariant()
    def nobody_waits_who_would_fit(self) -> None:
        assert all(roster.size > self.training.seats_free for roster in self.training.waiting)

    @invariant()
    def the_waiting_keep_the_order_of_their_claims(self) -> None:
        waiting = [roster.enterprise_id for roster in self.training.waiting]
        assert waiting == sorted(waiting)

    @invariant()
    def every_delivery_that_does_not_stand_was_reversed(self) -> None:
        delivered = len(said(self.training, contract.TrainingDelivered))
        reversed_ones = len(said(self.training, contract.DeliveryReversed))
        assert delivered - reversed_ones == (self.training.state == "delivered")

    @invariant()
    def the_events_tell_who_is_seated(self) -> None:
        seated: dict[UUID, int] = {}
        for event in self.training._events:
            if isinstance(event, contract.RosterSeated):
                seated[event.enterprise_id] = event.seats.total
            elif isinstance(event, contract.RosterWithdrawn):
                seated.pop(event.enterprise_id, None)
        assert seated == {roster.enterprise_id: roster.size for roster in self.training.rosters}


TestClassroomHistory = ClassroomHistory.TestCase

TestClassroomHistory.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
