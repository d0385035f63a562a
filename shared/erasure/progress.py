"""Follows an erasure through all services, for the owner of the person: who has answered, who has not, until when.

An erasure is done when everybody has answered. One that is not done when the law's time is over is overdue: a timer says so
in the log, a metric counts it by the service that is missing, and the pages show it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

import mongoengine as me

from shared.contracts.catalogue import all_events
from shared.contracts.envelope import Envelope
from shared.contracts.erasure import AboutErasure, AboutErasureDone
from shared.contracts.event import owner_of
from shared.domain.aggregate import Aggregate
from shared.domain.errors import NotFound
from shared.domain.lifecycle import Lifecycle, allow
from shared.kernel import clock
from shared.kernel.context import unscoped
from shared.kernel.principal import Principal
from shared.messaging.subscriptions import ConsumerGroup
from shared.observability import logs, metrics
from shared.storage.indexes import index
from shared.storage.row_scope import Scope, rows_for
from shared.storage.transaction import transactional

log = logs.get(__name__)


class Erasure(Aggregate):
    """One person whom this service has erased; the id is the person's. `done` maps who has answered to when."""

    meta: ClassVar[dict[str, object]] = {"collection": "erasures"}
    INDEXES = (index("state", "due_at"),)
    LIFECYCLE = Lifecycle("open", {"finish": allow("open", to="done")})

    institution_id = me.UUIDField(binary=True)
    erased_at = me.DateTimeField(required=True)
    due_at = me.DateTimeField(required=True)
    done = me.MapField(me.DateTimeField())
    overdue = me.BooleanField(required=True, default=False)
    state = me.StringField(required=True, default="open")

    @classmethod
    def row_scope(cls, principal: Principal) -> Scope | None:
        return rows_for(principal, provider="institution_id")

    def missing(self, holders: tuple[str, ...]) -> list[str]:
        return [name for name in holders if name not in self.done]

    def keep_done(self, service: str, done_at: datetime, holders: tuple[str, ...]) -> None:
        self.done[service] = done_at
        if self.state == "open" and not self.missing(holders):
            self.transition("finish")
            self.overdue = False


def holders_besides(owner: str) -> tuple[str, ...]:
    """Return the services that answer when this one erases somebody."""
    done = [event for event in all_events() if issubclass(event, AboutErasureDone)]
    return tuple(sorted({owner_of(event).name for event in done} - {owner}))


def owns_persons(service: str) -> bool:
    return any(issubclass(event, AboutErasure) for event in all_events(service))


@transactional
def begin_erasure(
    person_id: UUID, *, due_at: datetime, institution_id: UUID | None, event: AboutErasure | None = None
) -> None:
    """Begin to follow an erasure. `event` says it, where no aggregate of the owner's under the person's id does."""
    erasure = Erasure(id=person_id, institution_id=institution_id, erased_at=clock.now(), due_at=due_at)
    if event is not None:
        erasure.record(event)
    erasure.save()


def listen(group: ConsumerGroup, service: str) -> None:
    """Let a group of an owner of persons hear who has answered."""
    if not owns_persons(service):
        return

    def keep(event: AboutErasureDone, about: Envelope) -> None:
        keep_erasure_done(service, event.person_id, holder=owner_of(type(event)).name, done_at=about.time)

    for event in all_events():
        if issubclass(event, AboutErasureDone) and owner_of(event).name != service:
            group.handles(event)(keep)


@transactional
def keep_erasure_done(owner: str, person_id: UUID, *, holder: str, done_at: datetime) -> None:
    """Note that a service has erased its copies. Of people whom somebody else owns nothing is kept."""
    erasure = Erasure.find(person_id)
    if erasure is None or holder in erasure.done:
        return
    erasure.keep_done(holder, done_at, holders_besides(owner))
    erasure.save()


def progress_of(owner: str, person_id: UUID) -> dict[str, Any] | None:
    """Return how far an erasure has come, service by service, for whoever may see the person; None where there is none."""
    with unscoped("how far an erasure has come is told to whoever may see the person"):
        erasure = Erasure.find(person_id)
    return None if erasure is None else _described(owner, erasure)


def require_progress(owner: str, person_id: UUID, *, institution_id: UUID | None = None) -> dict[str, Any]:
    """Return the same, or raise `NotFound` where nobody was erased, or nobody of the institution."""
    progress = progress_of(owner, person_id)
    if progress is None or institution_id not in (None, progress["institution_id"]):
        raise NotFound("Erasure", person_id)
    return progress


def open_erasures(owner: str) -> list[dict[str, Any]]:
    """Return the erasures that the caller may see and that are not done yet, what is due first standing first."""
    rows = sorted(Erasure.objects(state="open"), key=lambda row: row.due_at)
    return [_described(owner, row) for row in rows]


def watch_erasures(owner: str) -> int:
    """Mark the erasures whose time is over, count them by who is missing, and return how many there are."""
    holders, missing = holders_besides(owner), Counter[str]()
    late = list(Erasure.objects(state="open", due_at__lt=clock.now()))
    for erasure in late:
        missing.update(erasure.missing(holders))
        if not erasure.overdue:
            _mark_overdue(erasure.id)
    for holder in holders:
        metrics.ERASURES_OVERDUE.labels(holder).set(missing[holder])
    if late:
        log.error("erasures are overdue", count=len(late), missing=dict(missing))
    return len(late)


@transactional
def _mark_overdue(person_id: UUID) -> None:
    erasure = Erasure.get(person_id)
    if erasure.state == "open":
        erasure.overdue = True
        erasure.save()


def _described(owner: str, erasure: Erasure) -> dict[str, Any]:
    holders, done = holders_besides(owner), dict[str, datetime](erasure.done)
    services: list[Mapping[str, object]] = [{"service": owner, "done_at": erasure.erased_at}]
    services += [{"service": name, "done_at": done.get(name)} for name in holders]
    return {
        "person_id": erasure.id,
        "institution_id": erasure.institution_id,
        "erased_at": erasure.erased_at,
        "due_at": erasure.due_at,
        "services": services,
        "open": erasure.missing(holders),
        "overdue": erasure.state == "open" and clock.now() > erasure.due_at,
    }
