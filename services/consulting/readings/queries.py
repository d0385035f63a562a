"""Reads readings: those of a source, of an enterprise in their order, and what may be told of many enterprises together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from services.consulting.enterprises.model import EnterpriseScope
from services.consulting.enterprises.queries import scope_of
from services.consulting.readings.errors import UNKNOWN_VIEWER
from services.consulting.readings.indicators import Indicator, indicators
from services.consulting.readings.model import AGGREGATES, Agreed, Reading
from services.consulting.readings.rules import Change, Summary, Taken, change, summary
from services.consulting.settings import consulting_settings
from shared.domain.errors import Invalid
from shared.kernel.context import unscoped
from shared.kernel.principal import Principal
from shared.messaging import parties
from shared.reference.sexes import SEXES

LATER_STAGES = ("endline", "followup")


def enterprise_of(enterprise_id: UUID) -> EnterpriseScope:
    """Return the row of an enterprise, whoever takes a reading there: a trainer does not see it."""
    with unscoped("what an enterprise agreed to holds, whoever takes its readings"):
        return scope_of(enterprise_id)


def agreed_of(enterprise: EnterpriseScope) -> Agreed:
    """Return to whom the readings of an enterprise may be told."""
    return Agreed(enterprise.committed, tuple(enterprise.viewers()), consulting_settings().fewest_persons)


def readings_of(source_id: UUID) -> list[Reading]:
    """Return what was read at an assessment or a visit, in the order of the catalogue."""
    return _ordered(Reading.objects(source_id=source_id))


def every_reading_of(source_id: UUID) -> list[Reading]:
    """Return what was read there, whoever asks: a correction goes by all of it."""
    with unscoped("what is entered replaces what was entered before, whoever did"):
        return _ordered(Reading.objects(source_id=source_id))


def every_reading_in(enterprise_id: UUID) -> list[Reading]:
    with unscoped("what an enterprise agreed to holds for all of its readings"):
        return _ordered(Reading.objects(enterprise_id=enterprise_id))


@dataclass(frozen=True, slots=True)
class Series:
    """The readings of one indicator in one enterprise, the earliest first, each with its change since the first one."""

    indicator: Indicator
    sex: str | None
    steps: tuple[tuple[Reading, Change | None], ...]


def series_of(enterprise_id: UUID) -> list[Series]:
    """Return the series of an enterprise that the caller may see."""
    by_indicator: dict[tuple[str, str | None], list[Reading]] = defaultdict(list)
    for reading in _ordered(Reading.objects(enterprise_id=enterprise_id)):
        if reading.counts:
            by_indicator[reading.indicator, reading.sex].append(reading)
    return [_series(code, sex, found) for (code, sex), found in by_indicator.items()]


def _series(code: str, sex: str | None, found: list[Reading]) -> Series:
    found.sort(key=lambda reading: (reading.current.taken_on, reading.id))
    first = next((reading.taken for reading in found if reading.taken.value is not None), Taken(None, "", ""))
    steps = [(reading, None if reading.taken is first else change(first, reading.taken)) for reading in found]
    start = next((number for number, (reading, _) in enumerate(steps) if reading.taken == first), 0)
    return Series(
        indicators()[code],
        sex,
        tuple((reading, step if number > start else None) for number, (reading, step) in enumerate(steps)),
    )


def changes(stage: str, province: str | None = None) -> list[Summary]:
    """Return how the indicators changed from the baseline to a later stage, over all enterprises that committed themselves."""
    with unscoped("aggregates are told of every enterprise that agreed to it, never of a few"):
        counted = _counted_enterprises(province)
        told = Reading.objects(audiences=AGGREGATES, stage__in=["baseline", stage]).only(
            "enterprise_id", "indicator", "sex", "stage", "current"
        )
        found = [reading for reading in told if reading.enterprise_id in counted]
    before = {
        (reading.indicator, reading.sex, reading.enterprise_id): reading.taken
        for reading in found
        if reading.stage == "baseline"
    }
    later = sorted(
        (reading for reading in found if reading.stage == stage), key=lambda reading: reading.current.taken_on
    )
    asked = {reading.enterprise_id for reading in later}
    pairs: dict[tuple[str, str | None], dict[UUID, Change]] = defaultdict(dict)
    for reading in later:
        first = before.get((reading.indicator, reading.sex, reading.enterprise_id))
        step = change(first, reading.taken) if first else None
        if step is not None:
            pairs[reading.indicator, reading.sex][reading.enterprise_id] = step
    fewest = consulting_settings().fewest_enterprises
    return [
        summary(indicator, sex, list(pairs[code, sex].values()), len(asked), fewest)
        for code, indicator in indicators().items()
        for sex in (SEXES if indicator.by_sex else (None,))
        if pairs[code, sex]
    ]


def _counted_enterprises(province: str | None) -> set[UUID]:
    rows = EnterpriseScope.objects(committed=True, **({"province": province} if province else {}))
    return {row.id for row in rows.only("state") if row.state != "merged"}


def _ordered(found: Iterable[Reading]) -> list[Reading]:
    places = {code: place for place, code in enumerate(indicators())}
    return sorted(found, key=lambda reading: (places[reading.indicator], reading.sex or ""))


def province_of(viewer: Principal) -> str | None:
    """Return the province to which a viewer's aggregates are limited: that of a ministry's office there."""
    return viewer.province if viewer.role == "ministry" else None


def require_viewer(viewer_id: UUID) -> None:
    """Refuse an institution of which nobody told."""
    party = parties.find(viewer_id)
    if party is None or party["kind"] != "institution":
        raise Invalid(errors=[UNKNOWN_VIEWER.at("/viewer_id")])


def viewers_to_choose() -> list[tuple[UUID, str]]:
    """Return the institutions to which readings may be released, by name."""
    known = [(party_id, party["name"]) for party_id, party in parties.of_kind("institution").items()]
    return sorted(known, key=lambda pair: pair[1].casefold())
