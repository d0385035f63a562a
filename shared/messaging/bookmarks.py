"""Keeps where a group stands in a partition, and notices that the log below it is not the one it read.

An offset proves nothing: a broker that lost its tail is filled again, with other records at the same offsets. So a
bookmark remembers the event before its offset and the epoch of the log. The owner's relay raises the epoch whenever it
sends again what the broker lost; every record carries it, sealed (`seals`): one that anybody could write would hide every
loss to come. A group that meets a higher epoch than its bookmark's, or finds
another event before its offset, reads the partition from the beginning, and its cursors drop what it knows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from shared.messaging.ports import Bounds, Headers, Incoming, Outgoing
from shared.messaging.seals import SEAL_HEADER, is_seal_of_epoch, seal_of_epoch

EPOCH_HEADER = "scoreepoch"
Place = tuple[str, int]
MOST_DIGITS = 9
UNKNOWN = -1  # the epoch of a log of which nothing was read yet
_ID = re.compile("[0-9a-f-]{36}")
_METADATA = re.compile(rf"({_ID.pattern})?/(-1|[0-9]{{1,9}})")


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A position in a partition: `offset` is read next; `event_id` is empty if nothing was read before, or garbage with no id."""

    offset: int
    event_id: str = ""
    epoch: int = 0

    @property
    def metadata(self) -> str:
        """Write what the broker keeps beside the committed offset."""
        return f"{self.event_id}/{self.epoch}"

    @classmethod
    def committed(cls, offset: int, metadata: str) -> Bookmark:
        match = _METADATA.fullmatch(metadata or "")
        return cls(offset, match[1] or "", int(match[2])) if match else cls(offset)


def header_of(record: Incoming | Outgoing, name: str) -> str:
    return next((value.decode("ascii", "replace") for header, value in record.headers if header == name), "")


def epoch_headers(topic: str, epoch: int) -> Headers:
    """Let a record say in which epoch of the log it was sent; the first one needs no seal, it is what silence says too."""
    seal = [(SEAL_HEADER, seal_of_epoch(topic, epoch))] if epoch else []
    return [(EPOCH_HEADER, str(epoch).encode()), *seal]


def epoch_of(record: Incoming) -> int:
    """Return the epoch that the owner gave a record; 0 where somebody else did."""
    epoch = _claimed_epoch(record)
    seal = header_of(record, SEAL_HEADER).encode() if epoch else b""
    return epoch if epoch and is_seal_of_epoch(seal, record.topic, epoch) else 0


def has_false_epoch(record: Incoming) -> bool:
    return epoch_of(record) != _claimed_epoch(record)


def _claimed_epoch(record: Incoming) -> int:
    text = header_of(record, EPOCH_HEADER)
    return int(text) if text.isdigit() and len(text) <= MOST_DIGITS else 0


def _id_of(record: Incoming) -> str:
    event_id = header_of(record, "ce_id")
    return event_id if _ID.fullmatch(event_id) else ""


def read_on(records: Sequence[Incoming], known: Mapping[Place, Bookmark]) -> tuple[dict[Place, Bookmark], set[Place]]:
    """Return the bookmarks behind these records, and the places whose log has begun a new epoch and must be read again."""
    moved: dict[Place, Bookmark] = {}
    begun: set[Place] = set()
    for record in records:
        place = (record.topic, record.partition)
        before = moved.get(place) or known.get(place)
        epoch = epoch_of(record)
        if before is not None and UNKNOWN < before.epoch < epoch and before.offset > 0:
            begun.add(place)
        moved[place] = Bookmark(record.offset + 1, _id_of(record), max(epoch, before.epoch if before else 0))
    for place in begun:
        moved[place] = Bookmark(0, "", moved[place].epoch)
    return moved, begun


def is_elsewhere(bookmark: Bookmark, bounds: Bounds, found: Incoming | None) -> bool:
    """Return whether the log is not the one the bookmark was put in; `found` is the record before the bookmark's offset."""
    if bookmark.offset > bounds.end:
        return True
    if found is None or not bookmark.event_id:
        return False
    return _id_of(found) != bookmark.event_id or epoch_of(found) > bookmark.epoch
