"""I3, I4, I5, I7, I9, I10 at rest: every stream of every outbox against every group that hears it, and against the log.

A group's cursor holds the last sequence of a key and the newest sixteen events behind it. So for each key these must be
exactly the end of the owner's stream: a lost, repeated, swapped or invented event shows.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from tests.resilience.faults.checker.log import Log, Offsets
from tests.resilience.faults.checker.planted import Planted
from tests.resilience.faults.checker.store import Row, Store
from tests.resilience.faults.checker.subscriptions import COMPACTED, KINDS, OWNERS, copy_groups, event_groups, heard_by
from tests.resilience.faults.checker.verdict import Verdict

REMEMBERED = 16
Streams = dict[str, dict[str, list[Row]]]


@dataclass(frozen=True, slots=True)
class Scene:
    """Where to look. `services` are those whose groups run; `past` are events that retention took on purpose."""

    store: Store
    log: Log
    services: list[str]
    planted: Planted
    past: frozenset[str] = frozenset()


def outboxes(scene: Scene) -> Streams:
    """Per topic of events, the streams of its owner."""
    return {f"score.{owner}": scene.store.streams(owner) for owner in OWNERS}


def judge_streams(scene: Scene) -> Verdict:
    verdict, written = Verdict(), outboxes(scene)
    for topic, streams in written.items():
        for key, rows in streams.items():
            numbers = [row["sequence"] for row in rows]
            verdict.hold("I5", numbers == [*range(1, len(rows) + 1)], f"{topic} {key}: the outbox holds {numbers}")
    for group, topics in event_groups(scene.services).items():
        cursors = scene.store.cursors(group.partition(".")[0], group)
        for topic in topics:
            for key, rows in written[topic].items():
                _judge_cursor(verdict, f"{group} {topic} {key}", rows, cursors.pop((topic, key), None))
        for (topic, key), cursor in cursors.items():
            known = key in scene.planted.keys
            verdict.hold("I4", known, f"{group} is at {cursor['sequence']} of {key} of {topic}: nobody wrote that")
    _judge_copies(verdict, scene)
    _judge_rest(verdict, scene)
    return verdict


def _judge_cursor(verdict: Verdict, what: str, rows: list[Row], cursor: Row | None) -> None:
    last = rows[-1]["sequence"]
    at = cursor["sequence"] if cursor else 0
    verdict.hold("I3", at >= last, f"{what}: at {at} of {last}, {[row['type'] for row in rows]}")
    if cursor is None:
        return
    applied = [str(event_id) for event_id, _ in cursor["recent"]]
    written = {str(row["_id"]) for row in rows}
    verdict.hold("I4", set(applied) <= written, f"{what}: applied {sorted(set(applied) - written)}, nobody wrote that")
    expected = [str(row["_id"]) for row in rows[:at]][-REMEMBERED:]
    verdict.hold("I5", applied == expected and at <= last, f"{what}: applied {applied}, written {expected}")


def _judge_copies(verdict: Verdict, scene: Scene) -> None:
    """Each group has seen the newest version of each thing of its kinds, and keeps no other."""
    told = {
        topic: scene.store.rows(owner, outbox, fields=("version", "body", "type"))
        for topic, (owner, outbox, _) in COMPACTED.items()
    }
    for group, topics in copy_groups(scene.services).items():
        copies = {COMPACTED[topic][2] for topic in topics}
        rows = {
            str(row["_id"]): row
            for name in copies
            for row in scene.store.rows(group.partition(".")[0], name, fields=("seen",))
        }
        expected = {
            str(row["_id"]): row["version"]
            for topic, kinds in topics.items()
            for row in told[topic]
            if row["body"] is None or _kind_of(row) in kinds
        }
        slot = group.replace(".", "_")
        for key, version in expected.items():
            seen = rows.get(key, {}).get("seen", {}).get(slot, 0)
            verdict.hold("I3", seen == version, f"{group} saw version {seen} of {key}, told was {version}")
        for key in {key for key, row in rows.items() if slot in row.get("seen", {})} - expected.keys():
            verdict.hold("I4", False, f"{group} knows {key}: nobody told of it, or it is none of its kinds")


def _kind_of(row: Row) -> str:
    """Return the kind of a thing: of reference its type says it, of parties the body."""
    return KINDS.get(row.get("type", "")) or str(json.loads(row["body"])["kind"])


def _judge_rest(verdict: Verdict, scene: Scene) -> None:
    """Nothing is unsent, asked for, or parked, but what the run planted."""
    for service in OWNERS:
        unsent = scene.store.pending(service)
        verdict.hold("I9", unsent == 0, f"{service} has {unsent} unsent rows")
        parked = scene.store.parked(service)
        for row_id, row in parked.items():
            planted = row_id in scene.planted.parked
            verdict.hold("I7", planted, f"parked as {row['reason']}: {row_id} {row['event_type']} {row['detail']}")
        if service in scene.services:
            for row_id in scene.planted.parked:
                if row_id.startswith(f"{service}."):
                    verdict.hold("I7", row_id in parked, f"not parked: {row_id}")
            requests = [row["_id"] for row in scene.store.rows(service, "resends")]
            verdict.hold("I7", not requests, f"still asked for: {requests}")


def judge_log(scene: Scene, offsets: Offsets) -> Verdict:
    """What is marked as sent is on its topic; every group has committed the end of what it reads."""
    verdict = Verdict()
    for owner in OWNERS:
        said = {str(row["_id"]) for row in scene.store.rows(owner, "outbox", fields=("_id",))}
        _judge_sent(verdict, scene, f"score.{owner}", said)
    for topic, (owner, outbox, _) in COMPACTED.items():
        told = {str(row["event_id"]) for row in scene.store.rows(owner, outbox, fields=("event_id",))}
        _judge_sent(verdict, scene, topic, told)
    heard = {group: topics for group, topics in heard_by().items() if group.partition(".")[0] in scene.services}
    bounds = scene.log.bounds(sorted({topic for topics in heard.values() for topic in topics}))
    for group, committed in offsets.of(list(heard)).items():
        for (topic, partition), (start, end) in bounds.items():
            if topic in heard[group] and end > start:
                at = committed.get((topic, partition), 0)
                verdict.hold("I10", at == end, f"{group} committed {at} of {end} in {topic}/{partition}")
    return verdict


def _judge_sent(verdict: Verdict, scene: Scene, topic: str, written: set[str]) -> None:
    there = scene.log.event_ids(topic) if written else set()
    for event in written - scene.past:
        verdict.hold("I9", event in there, f"{event} is marked as sent and not on {topic}")
