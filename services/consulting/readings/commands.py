"""Keeps readings with their versions, and tells them to whom the enterprise agreed."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from services.consulting.enterprises import commands as enterprises
from services.consulting.enterprises.model import EnterpriseScope
from services.consulting.readings.errors import NO_RELEASE
from services.consulting.readings.indicators import PRACTICE, indicators
from services.consulting.readings.model import Figure, Reading, TakenAt
from services.consulting.readings.queries import (
    agreed_of,
    enterprise_of,
    every_reading_in,
    every_reading_of,
    require_viewer,
)
from services.consulting.readings.rules import GivenReading, says_something
from shared.domain.errors import Conflict
from shared.kernel import clock
from shared.kernel.context import current_principal
from shared.storage.transaction import transactional


@transactional
def keep_readings(
    at: TakenAt, given: Sequence[GivenReading], points: tuple[int, int] | None = None, *, counts: bool = True
) -> None:
    """Keep what was read at an assessment or a visit; what was read there before is corrected, what is not named stays.

    `points` are those of the good-practice checklist, reached and to be reached. What does not count yet is told to nobody.
    """
    enterprise = enterprise_of(at.enterprise_id)
    enterprise.plannings += 1  # an enrolment, a release or a move at the same time waits for this, or this for it
    enterprise.save()
    agreed, held = agreed_of(enterprise), {reading.id: reading for reading in every_reading_of(at.source_id)}
    named = [each for each in given if says_something(each)]
    if points is not None:
        reached, most = points
        named.append({"indicator": PRACTICE, "quality": "measured", "numerator": reached, "denominator": most})
    by, now = current_principal().id, clock.now()
    for each in named:
        figure = Figure.of(each, indicators()[each["indicator"]], at.taken_on, by=by, at=now)
        reading = held.get(Reading.id_of(at.source_id, each["indicator"], each.get("sex")))
        if reading is None:
            reading = Reading.first(at, each["indicator"], each.get("sex"), figure, counts=counts)
        elif not reading.correct(figure):
            continue
        reading.tell(agreed)
        reading.save()


@transactional
def count_readings(source_id: UUID, *, counts: bool) -> None:
    """Count what was read at a visit from its acceptance on, and no longer once it is void."""
    for reading in every_reading_of(source_id):
        reading.counts = counts
        reading.tell(agreed_of(enterprise_of(reading.enterprise_id)))
        reading.save()


@transactional
def release_readings(enterprise_id: UUID, *, viewer_id: UUID) -> EnterpriseScope:
    """Release an enterprise's readings, those of today and those to come, to an institution."""
    enterprise = EnterpriseScope.get(enterprise_id)
    require_viewer(viewer_id)
    if enterprise.release_to(viewer_id, current_principal().role, clock.now()):
        _tell(enterprise)
    return enterprise


@transactional
def withdraw_release(enterprise_id: UUID, viewer_id: UUID) -> EnterpriseScope:
    """Take the release to an institution back: it sees nothing more, and whoever heard is told to forget."""
    enterprise = EnterpriseScope.get(enterprise_id)
    if not enterprise.withdraw_release(viewer_id, clock.now()):
        raise Conflict(NO_RELEASE)
    _tell(enterprise)
    return enterprise


@transactional
def commit_enterprise(enterprise_id: UUID) -> None:
    """Tell the readings of an enterprise that committed itself, for aggregates."""
    enterprises.commit_enterprise(enterprise_id)
    _tell(enterprise_of(enterprise_id))


@transactional
def move_enterprise(enterprise_id: UUID, *, provider_id: UUID) -> None:
    """Let an enterprise's readings follow it to another provider."""
    for reading in every_reading_in(enterprise_id):
        if reading.provider_id != provider_id:
            reading.leave(provider_id)
            reading.save()


def _tell(enterprise: EnterpriseScope) -> None:
    enterprise.plannings += 1
    enterprise.save()
    agreed = agreed_of(enterprise)
    for reading in every_reading_in(enterprise.id):
        if reading.tell(agreed):
            reading.save()
