"""Finds out until when a group has heard everything, for whoever must say whether an id may still be heard of.

Each time the broker says where the partitions end, that moment is kept; once the group has read so far, everything that stood in
the log at that moment has been heard. Nothing is asked for it, and one small row is written as often as positions are compared.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

from shared.domain import not_known
from shared.messaging.bookmarks import Bookmark, Place
from shared.messaging.subscriptions import ConsumerGroup

NOWHERE = Bookmark(0)


class HeardUntil:
    """What one member of a group has heard of its partitions. Of a projection nothing is kept: it judges no ids."""

    def __init__(self, group: ConsumerGroup) -> None:
        self._group, self._types = group.group, (*group.handlers, *group.copy_handlers)
        self._kept = not group.projection and bool(self._types)
        self._at: datetime | None = None
        self._ends: Mapping[Place, int] = {}

    def assigned(self, places: Collection[Place]) -> None:
        self.begin_again()
        if self._kept and places:
            not_known.begin_to_hear(self._group, places, self._types)

    def begin_again(self) -> None:
        """Forget where partitions ended: they are other ones now."""
        self._at, self._ends = None, {}

    def told(self, at: datetime, ends: Mapping[Place, int]) -> None:
        """Take note of where partitions ended at a moment, unless the group has yet to come to an earlier end."""
        if self._kept and self._at is None:
            self._at, self._ends = at, ends

    def look(self, bookmarks: Mapping[Place, Bookmark], asks: Callable[[str], bool]) -> None:
        """Write the moment down if the group has read so far, and `asks` for nothing that it missed."""
        if self._at is None or any(bookmarks.get(place, NOWHERE).offset < end for place, end in self._ends.items()):
            return
        if asks(self._group):
            return
        not_known.note_heard(self._group, self._ends, self._at, self._types)
        self.begin_again()
