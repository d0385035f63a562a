"""Tells an id that has not been heard of yet from one that names nothing, without telling whose it is.

What another service made is known here once its event has arrived, a moment later as a rule. Until then nobody can say
whether an id exists, so the answer goes by its age alone, the same for an unknown id and for somebody else's: one that was made
within `SCORE_KNOWN_WITHIN_SECONDS` is not known yet, an older one is unknown. While the group that would hear of it is behind,
or its worker does not run, every id since the moment up to which it has heard is not known yet. Workers write that moment down.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias
from uuid import UUID

from shared.contracts.event import Event, topic_of, type_of
from shared.domain.errors import Invalid, NotKnownYet
from shared.kernel import ids
from shared.kernel.clock import BEGINNING
from shared.kernel.errors import Fault, Problem
from shared.kernel.settings.current import settings
from shared.storage import connection
from shared.storage.transaction import in_new_transaction, in_racing_transaction

COLLECTION: Final = "heard"
COLLECTIONS: dict[str, Any] = {COLLECTION: ()}
Place: TypeAlias = tuple[str, int]  # a topic and one of its partitions
ToldBy: TypeAlias = type[Event] | str  # an event, or a compacted topic


def refusal(told_by: ToldBy, unknown: Mapping[str, UUID], fault: Fault) -> Problem:
    """Return what is wrong with a request that names these ids, each by its place in the body: `Invalid` where one of them
    is unknown, `NotKnownYet` where all may still be heard of by what tells of such things."""
    old = [pointer for pointer, row_id in unknown.items() if not may_be_heard_of(row_id, told_by)]
    if old:
        return Invalid(errors=[fault.at(pointer) for pointer in old])
    return NotKnownYet(errors=[fault.at(pointer) for pointer in unknown])


def may_be_heard_of(row_id: UUID, told_by: ToldBy) -> bool:
    """Return whether an id that is not known here may be of something whose event has yet to arrive."""
    made = ids.made_at(row_id)
    if made is None:
        return False
    now = ids.present()
    if made > now:  # by another machine's clock; further ahead no id was ever made
        return made - now < _window()
    return now - made < _window() or made > _heard_until(told_by, otherwise=now)


def begin_to_hear(group: str, places: Iterable[Place], event_types: Collection[str]) -> None:
    """Write down that a group has begun to listen and has heard nothing yet, where nothing is written of it."""
    row = {"types": sorted(event_types), "until": {_key(place): BEGINNING for place in places}}
    rows = connection.database()[COLLECTION]
    in_racing_transaction(lambda: rows.find_one({"_id": group}, {"_id": 1}) or rows.insert_one({"_id": group, **row}))


def note_heard(group: str, places: Iterable[Place], until: datetime, event_types: Collection[str]) -> None:
    """Write down that a group has heard all that was said in these places until a moment, and what it listens to."""
    change = {"types": sorted(event_types), **{f"until.{_key(place)}": until for place in places}}
    rows = connection.database()[COLLECTION]
    in_racing_transaction(lambda: rows.update_one({"_id": group}, {"$set": change}, upsert=True))


def forget_other_groups(groups: Collection[str]) -> None:
    """Forget what was written of groups that are no longer declared: they will not hear anything."""
    rows = connection.database()[COLLECTION]
    in_new_transaction(lambda: rows.delete_many({"_id": {"$nin": list(groups)}}))


def _window() -> timedelta:
    return timedelta(seconds=settings().known_within_seconds)


def _heard_until(told_by: ToldBy, *, otherwise: datetime) -> datetime:
    """Return until when every group that listens to it has heard all of its topic; `otherwise` where none ever ran."""
    kind, its_topic = (told_by, told_by) if isinstance(told_by, str) else (type_of(told_by), topic_of(told_by))
    rows = connection.database()[COLLECTION].find({"types": kind})
    topic = _key((its_topic, 0)).rpartition(":")[0]
    moments = [at for row in rows for key, at in row["until"].items() if key.rpartition(":")[0] == topic]
    return min(moments, default=otherwise)


def _key(place: Place) -> str:
    """Return how a partition is called in a row, whose names have no dots."""
    topic, partition = place
    return f"{topic.replace('.', '/')}:{partition}"
