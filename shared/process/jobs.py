"""Names what a service does by the clock: under the service's lease, so that of any number of workers one does it.

The platform adds what every service has to do: let go of what tells of people and is no longer needed, and watch erasures.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from shared.access import access_log
from shared.contracts.catalogue import compacted_topics
from shared.erasure.progress import owns_persons, watch_erasures
from shared.kernel import clock
from shared.kernel.service import Declaration, Service
from shared.kernel.settings.current import settings
from shared.messaging.inbox.backlog import forget_discarded
from shared.messaging.outbox.compacted import close_segments
from shared.observability import logs

log = logs.get(__name__)


@dataclass(frozen=True, slots=True)
class Timer(Declaration):
    """A job whose `run` is called every `seconds`, as the system principal; it must be safe to run again at once."""

    name: str
    seconds: float
    run: Callable[[], object]


def timers_of(service: Service) -> tuple[Timer, ...]:
    """Return a service's own timers, and those that the platform adds."""
    pause = settings().retention_seconds
    timers = [*service.timers, Timer("retention", pause, forget_the_old)]
    if owns_persons(service.name):
        timers.append(Timer("erasures", settings().erasure_check_seconds, partial(watch_erasures, service.name)))
    if compacted_topics([service.name]):
        timers.append(Timer("close_segments", settings().erasure_check_seconds, close_segments))
    return tuple(timers)


def forget_the_old() -> None:
    """Drop the rows of the access log, and the discarded records, whose time is over."""
    now, config = clock.now(), settings()
    rows = _in_slices(partial(access_log.forget, now - timedelta(days=config.access_log_days)))
    records = _in_slices(partial(forget_discarded, now - timedelta(days=config.discarded_days)))
    if rows or records:
        log.info("kept long enough", access_log=rows, discarded=records)


def _in_slices(forget: Callable[[int], int]) -> int:
    """Forget slice by slice, each in a transaction of its own; return how many went."""
    size, total = settings().retire_slice, 0
    while (gone := forget(size)) > 0:
        total += gone
        if gone < size:
            break
    return total
