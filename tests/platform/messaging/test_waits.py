"""A wait that cannot end is refused before anybody waits."""

from __future__ import annotations

import pytest

from shared.access.suspensions import groups_of
from shared.contracts.event import Event
from shared.contracts.events.enrollment import InstitutionRegistered, InstitutionSuspended
from shared.contracts.events.notifications import LetterSent
from shared.kernel.service import declared
from shared.messaging.errors import EndlessWait, WaitFor
from shared.messaging.subscriptions import ConsumerGroup
from shared.messaging.waits import require_ending
from tests.support.memory_group import KEYS, Group, records


def group_of(**waits: type[Event]) -> ConsumerGroup:
    """A group that hears two events; `registered=X` lets the handler to a registration wait for X."""
    group = ConsumerGroup("toy.group")
    events = {"registered": InstitutionRegistered, "suspended": InstitutionSuspended}
    for name, event in events.items():
        group.handles(event, waits_for=(waits[name],) if name in waits else ())(lambda _event, _about: None)
    return group


def test_a_wait_for_an_event_that_the_group_hears_is_fine() -> None:
    require_ending([group_of(suspended=InstitutionRegistered)])


def test_events_that_wait_for_each_other_are_refused() -> None:
    with pytest.raises(EndlessWait, match=r"toy\.group: .* waits for .* waits for "):
        require_ending([group_of(suspended=InstitutionRegistered, registered=InstitutionSuspended)])


def test_an_event_that_waits_for_its_own_kind_is_refused() -> None:
    with pytest.raises(EndlessWait):
        require_ending([group_of(registered=InstitutionRegistered)])


def test_a_wait_for_an_event_that_nobody_in_the_group_hears_is_refused() -> None:
    with pytest.raises(EndlessWait, match="which the group does not hear"):
        require_ending([group_of(registered=LetterSent)])


def test_a_wait_that_was_not_declared_is_a_failure_and_no_wait() -> None:
    group = Group()
    group.consumer_group.waits.clear()

    def needs_another(_event: Event, _about: object) -> None:
        raise WaitFor(InstitutionRegistered, KEYS[1])

    group.before = needs_another
    assert group.deliver(records((KEYS[0], 1))) == ["parked"]
    assert group.parked() == [(1, "failed")]


def test_every_wait_of_the_platform_can_end() -> None:
    for service in declared():
        require_ending(groups_of(service))
