"""Declared waits: a handler that may say `WaitFor` names the events it waits for, and no wait may be for ever.

A record that waits is woken by the event it needs, in the same group. So the group must react to that event, and no event may,
over any number of steps, need itself: two records that wait for each other would queue their keys until somebody looks.
"""

from __future__ import annotations

from collections.abc import Iterable
from graphlib import CycleError, TopologicalSorter

from shared.messaging.errors import EndlessWait
from shared.messaging.subscriptions import ConsumerGroup


def require_ending(groups: Iterable[ConsumerGroup]) -> None:
    """Raise `EndlessWait` for a wait that cannot end."""
    for group in groups:
        for event_type, needed in group.waits.items():
            unheard = sorted(needed - group.handlers.keys())
            if unheard:
                raise EndlessWait(f"{group.group}: {event_type} waits for {unheard[0]}, which the group does not hear")
        try:
            TopologicalSorter(group.waits).prepare()
        except CycleError as cycle:
            raise EndlessWait(f"{group.group}: {' waits for '.join(reversed(cycle.args[1]))}") from None
