"""A consumer group's membership at the broker: static, offsets by hand, a bookmark kept beside each committed offset.

`pause()`/`resume()` are never used: a paused partition may not be fetched again. The client calls its listener in a thread
of its own, at any moment; here it only leaves word.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from queue import SimpleQueue

from kafka import ConsumerRebalanceListener, KafkaConsumer, TopicPartition
from kafka.errors import (
    CommitFailedError,
    IllegalStateError,
    KafkaError,
    KafkaTimeoutError,
    RebalanceInProgressError,
    TopicAuthorizationFailedError,
)
from kafka.structs import OffsetAndMetadata

from shared.kernel import failpoints
from shared.kernel.settings.current import settings
from shared.messaging.bookmarks import Bookmark, Place, is_elsewhere
from shared.messaging.kafka.cluster import REACH_MS, logical, physical, way_in
from shared.messaging.kafka.lookups import UNREADABLE, Lookup, bounds_of, incoming
from shared.messaging.ports import UNREAD_HEADER, Incoming

JOIN_MS = 500
PATIENT_MS = 150
PATIENCE = 2  # session timeouts
PATIENT_EVERY = 30.0  # seconds; the embedded broker makes every patient poll a busy one


@dataclass(frozen=True, slots=True)
class Comparison:
    """How the logs of the assigned partitions relate to the bookmarks.

    `elsewhere`: places whose log is not the one that was read. `passed`: where the log begins when retention passed the
    bookmark. `behind`: how many records follow the bookmarks. `ends`: where the log of each assigned partition ends.
    """

    elsewhere: set[Place]
    passed: dict[Place, int]
    behind: int
    ends: dict[Place, int]


class GroupConsumer:
    """A group's membership: static, offsets by hand, a bookmark kept beside each committed offset."""

    def __init__(self, group: str, topics: Sequence[str], client_id: str, slot: int = 0) -> None:
        """`slot` numbers the worker among its service's: a restarted one takes its place without a rebalance."""
        config = settings()
        self.group = group
        self.assigned = False
        self._topics = [physical(topic) for topic in topics]
        self._shared_at = time.monotonic()
        self._shared_out: set[TopicPartition] | None = None
        self._patient_at = 0.0
        self._joining_since = time.monotonic()
        self._assignments: SimpleQueue[list[Place]] = SimpleQueue()
        self._lookup = Lookup(f"{client_id}-lookup")
        self._consumer = KafkaConsumer(
            **way_in(),
            client_id=client_id,
            bootstrap_timeout_ms=REACH_MS,
            group_id=physical(group),
            group_instance_id=f"{group}-{slot}",
            enable_auto_commit=False,  # an offset moves only behind a committed transaction
            auto_offset_reset="earliest",  # never `latest`: cursors absorb what is read again
            allow_auto_create_topics=False,
            session_timeout_ms=config.session_timeout_ms,
            heartbeat_interval_ms=config.session_timeout_ms // 3,
            max_poll_interval_ms=config.max_poll_interval_ms,
            max_poll_records=config.batch_events,
            fetch_max_wait_ms=500,
            enable_incremental_fetch_sessions=False,  # the embedded broker forgets a session's seek to an earlier offset
            metrics_enabled=False,  # ours say what matters; the client's cost a fifth of an idle loop
        )
        self._consumer.subscribe(self._topics, listener=_Listener(self))
        seen = (
            self._consumer.topics()
        )  # a leader that assigns before it knows the topics' partitions joins a second time
        if not seen.issuperset(self._topics):  # what was asked for by name tells why it is not to be seen
            self._consumer._cluster.request_update()  # noqa: SLF001 - nothing public does

    def poll(self, wait_ms: int = 0) -> list[Incoming]:
        """Return what has arrived, without waiting for more; or, within `wait_ms`, what arrives first.

        Joining the group takes its time, and so does a position that the broker refused: a poll that does not wait never
        completes either. So every now and then one does. KafkaTimeoutError when the group cannot be joined at all: on the
        embedded broker two members that join at once can wait for each other for ever, until one of them asks anew.
        TopicAuthorizationFailedError when one of the topics is not granted: the client would read the others and say nothing.
        """
        if refused := self._consumer._cluster.unauthorized_topics:  # noqa: SLF001 - nothing public says so
            raise TopicAuthorizationFailedError(", ".join(sorted(refused)))
        if self.assigned:
            self._joining_since = time.monotonic()
        elif time.monotonic() - self._joining_since > PATIENCE * settings().session_timeout_ms / 1000:
            raise KafkaTimeoutError("the group could not be joined")
        joining = self.is_joining
        patient = joining or time.monotonic() >= self._patient_at
        longest = (JOIN_MS if joining else PATIENT_MS) if patient else wait_ms
        try:
            polled = self._consumer.poll(timeout_ms=longest)
        except UNREADABLE as error:
            return self._pass_unreadable(error)
        if patient:
            self._patient_at = time.monotonic() + PATIENT_EVERY
        return [incoming(record) for records in polled.values() for record in records]

    def _pass_unreadable(self, error: KafkaError) -> list[Incoming]:
        """Pass what the client cannot decode, and return it as records of which only the place is known, and why."""
        ends = bounds_of(self._consumer, list(self._consumer.assignment()))
        positions = {tp: self._consumer.position(tp, timeout_ms=REACH_MS) for tp in ends}
        positions = {tp: at for tp, at in positions.items() if at is not None and at < ends[tp].end}
        unreadable = self._lookup.at(positions)[1]
        if not unreadable:
            raise error  # another client can read it: this one is done for
        for partition in unreadable:
            self._consumer.seek(partition, positions[partition] + 1)
        why = [(UNREAD_HEADER, type(error).__name__.encode())]
        return [Incoming(logical(tp.topic), tp.partition, positions[tp], None, why, None) for tp in unreadable]

    @property
    def is_joining(self) -> bool:
        """Return whether it has yet to join: a join that ends between two polls is begun again, by every other member too."""
        return not self.assigned or bool(self._consumer._coordinator.need_rejoin())  # noqa: SLF001 - nothing public says so

    def newly_assigned(self) -> list[Place] | None:
        """Return the partitions assigned since the last call; an empty set is an assignment too, None is not."""
        if self._assignments.empty():
            return None
        places: list[Place] = []
        while not self._assignments.empty():
            places += self._assignments.get()
        return places

    def heard(self, assigned: list[Place] | None) -> None:
        """Leave word of an assignment or a revocation: the client's own thread calls this, at any moment."""
        if assigned is not None:
            self._shared_at, self._shared_out = time.monotonic(), None
            self._assignments.put(assigned)
        else:
            self._consumer._coordinator.request_rejoin()  # noqa: SLF001 - a join that ends between two polls is forgotten
        self.assigned = assigned is not None

    def commit(self, bookmarks: Mapping[Place, Bookmark]) -> bool:
        """Commit where the group stands; false when a rebalance took a partition."""
        offsets = {
            TopicPartition(physical(topic), partition): OffsetAndMetadata(bookmark.offset, bookmark.metadata, -1)
            for (topic, partition), bookmark in bookmarks.items()
        }
        try:
            self._consumer.commit(offsets, timeout_ms=REACH_MS)  # without a limit it would try for ever
        except (CommitFailedError, IllegalStateError, RebalanceInProgressError):
            return False
        return True

    def committed(self) -> dict[Place, Bookmark]:
        """Return where the group stood when it last committed, for each assigned partition that it has read."""
        bookmarks = {}
        for partition in self._consumer.assignment():
            committed = self._consumer.committed(partition, metadata=True, timeout_ms=REACH_MS)
            if committed is not None:
                place = (logical(partition.topic), partition.partition)
                bookmarks[place] = Bookmark.committed(committed.offset, committed.metadata)
        return bookmarks

    def rewind(self, places: Iterable[Place]) -> None:
        """Read these partitions from the beginning of the log.

        By explicit offsets: a reset that is only asked for is carried out by later polls, and polls here do not wait.
        """
        partitions = {TopicPartition(physical(topic), partition) for topic, partition in places}
        assigned = list(partitions & self._consumer.assignment())
        for partition, bounds in bounds_of(self._consumer, assigned).items() if assigned else ():
            self._seek(partition, bounds.start)

    def return_to_committed(self, places: set[Place]) -> None:
        """Read these partitions again from where the group stands: one that stays with its member through a rebalance
        keeps its position, not the committed offset."""
        committed = self.committed()
        for topic, number in places & committed.keys():
            self._seek(TopicPartition(physical(topic), number), committed[topic, number].offset)
        self.rewind(places - committed.keys())

    def _seek(self, partition: TopicPartition, offset: int) -> None:
        """Seek once the position is known: the committed offset that a new assignment waits for would overwrite it."""
        with contextlib.suppress(ValueError, IllegalStateError):  # it was taken away in this moment
            self._consumer.position(partition, timeout_ms=REACH_MS)
            self._consumer.seek(partition, offset)

    def unread(self) -> list[str]:
        """Name what nobody in the group reads: topics that the broker lacks, partitions added since they were shared out."""
        missing = set(self._topics) - {partition.topic for partition in self._existing()}
        added = [f"{logical(tp.topic)}/{tp.partition}" for tp in sorted(self._added())]
        return [*sorted(map(logical, missing)), *added] if self.assigned else []

    def _added(self) -> set[TopicPartition]:
        """Return the partitions that nobody in the group was given.

        Whoever shares them out may know more than this member, until it has looked at the broker too.
        """
        if self._shared_out is None:
            if time.monotonic() - self._shared_at > 2 * settings().metadata_max_age_ms / 1000:
                self._shared_out = self._existing()
            return set()
        return self._existing() - self._shared_out

    def _existing(self) -> set[TopicPartition]:
        """Return the partitions of the group's topics, as of the last look at the broker, without asking anew."""
        known = self._consumer._cluster  # noqa: SLF001 - the public question waits for the broker where a topic is missing
        return {TopicPartition(topic, at) for topic in self._topics for at in known.partitions_for_topic(topic) or ()}

    def lag(self) -> int:
        """Count the records before this member, and those of partitions that nobody reads yet."""
        added = list(self._added())
        behind = sum(bounds.end - bounds.start for bounds in bounds_of(self._consumer, added).values()) if added else 0
        for partition, end in self._ends().items():
            try:
                position = self._consumer.position(partition, timeout_ms=1000)
            except (IllegalStateError, KafkaTimeoutError):
                continue  # it was taken away in this moment, or its position is not known yet
            behind += max(0, end - (position or 0))
        return behind

    def _ends(self) -> dict[TopicPartition, int]:
        """Return where the log of each assigned partition ends, as the last fetch said; before the first one, ask."""
        last_seen: dict[TopicPartition, int | None] = {}
        for partition in self._consumer.assignment():
            with contextlib.suppress(IllegalStateError):  # it was taken away in this moment
                last_seen[partition] = self._consumer.highwater(partition)
        unknown = [partition for partition, end in last_seen.items() if end is None]
        from_broker = (
            {partition: bounds.end for partition, bounds in bounds_of(self._consumer, unknown).items()}
            if unknown
            else {}
        )
        return {partition: end for partition, end in last_seen.items() if end is not None} | from_broker

    def compare(self, bookmarks: Mapping[Place, Bookmark]) -> Comparison:
        """Ask the broker how the logs of the assigned partitions relate to where the group stands."""
        assigned = {(logical(tp.topic), tp.partition): tp for tp in self._consumer.assignment()}
        marked = {tp: bookmarks.get(place, Bookmark(0)) for place, tp in assigned.items()}
        bounds = bounds_of(self._consumer, list(marked))
        passed = {place: bounds[tp].start for place, tp in assigned.items() if marked[tp].offset < bounds[tp].start}
        before, _ = self._lookup.at(
            {
                tp: mark.offset - 1
                for tp, mark in marked.items()
                if mark.event_id and bounds[tp].start < mark.offset <= bounds[tp].end
            }
        )
        elsewhere = {place for place, tp in assigned.items() if is_elsewhere(marked[tp], bounds[tp], before.get(tp))}
        behind = sum(max(0, bounds[tp].end - marked[tp].offset) for tp in marked)
        ends = {place: bounds[tp].end for place, tp in assigned.items()}
        return Comparison(elsewhere - passed.keys(), passed, behind, ends)

    def close(self) -> None:
        self.assigned = False
        self._lookup.close()
        self._consumer.close(autocommit=False, timeout_ms=1_000)


class _Listener(ConsumerRebalanceListener):  # type: ignore[misc]
    def __init__(self, consumer: GroupConsumer) -> None:
        self._subscription = consumer

    def on_partitions_revoked(self, revoked: Iterable[TopicPartition]) -> None:
        failpoints.hit("cons.on_revoke", self._subscription.group)
        del revoked  # what is being delivered from them is absorbed by the cursors, its commit is refused
        self._subscription.heard(None)

    def on_partitions_assigned(self, assigned: Iterable[TopicPartition]) -> None:
        self._subscription.heard([(logical(partition.topic), partition.partition) for partition in assigned])
