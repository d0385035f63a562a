"""What each broker is expected to do, row by row, and the page that a run writes from what it saw."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from tests.kafka import group_probes, probes
from tests.kafka.probes import Answer, Probe

PAGE = Path(__file__).resolve().parents[2] / "docs" / "brokers.md"
BROKERS = ("embedded", "apache")


class Row(NamedTuple):
    words: str
    probe: Probe
    embedded: str
    apache: str

    def expected(self, broker: str) -> str:
        return self.embedded if broker == "embedded" else self.apache


ROWS = {
    row.probe.__name__: row
    for row in (
        Row("Headers keep order, repeated names, empty values", probes.headers, "yes", "yes"),
        Row("A tombstone is not an empty value", probes.tombstone, "yes", "yes"),
        Row("End offsets are right after every send", probes.end_offsets, "yes", "yes"),
        Row("The log's start is right after records are removed", probes.log_start, "yes", "yes"),
        Row("A commit keeps its metadata", probes.commit_metadata, "yes", "yes"),
        Row("A batch sent again after a lost acknowledgement is kept once", probes.duplicate_batch, "yes", "yes"),
        Row("A compacted topic drops old values and keeps the newest, with `segment.ms` set", probes.compaction, "yes", "yes"),
        Row("It does so without `segment.ms` (the open segment is never compacted)", probes.open_segment, "no", "no"),
        Row("A topic made again under its name", probes.recreated, "empty, topics have no id", "empty, another id"),
        Row("A living group reads partitions that are added", probes.partitions_raised, "yes", "yes"),
        Row("Partitions move when a member joins and when it leaves", group_probes.join_and_leave, "yes", "yes"),
        Row("A static member that died takes its place again, its peer undisturbed", group_probes.static_rejoin, "yes", "yes"),
        Row("So does the one that leads the group", group_probes.leader_rejoin, "no", "yes"),
        Row("A dead member is given up and its partitions go to the others", group_probes.expiry, "no", "yes"),
        Row("A dead member can be removed by an operator", group_probes.eviction, "yes", "yes"),
        Row("A zombie's commit is refused (stopped past its session, then woken)", group_probes.zombie, "no", "yes"),
        Row("A second member with the same static id fences the first", group_probes.same_slot_twice, "yes", "yes"),
        Row("A broker killed under load loses no acknowledged record", group_probes.acknowledged_survives, "no", "yes"),
    )
}  # fmt: skip


def page(versions: Mapping[str, str], seen: Mapping[tuple[str, str], Answer]) -> str:
    lines = [
        "# What each broker can do",
        "",
        "<!-- Written by `make kafka-test PAGE=1` from what the run saw. Do not edit. -->",
        "",
        "The platform runs on the embedded broker and on Apache Kafka. Code may rely on what both do; what only one does is",
        "built around. Each cell is asserted by `make kafka-test`; the figures are those of the run that wrote this page.",
        "",
        f"Python {platform.python_version()}, {os.cpu_count()} cores, sessions of 6 s.",
        "",
        f"| | {versions['embedded']} | {versions['apache']} |",
        "|---|---|---|",
    ]
    for name, row in ROWS.items():
        cells = [seen[name, broker] for broker in BROKERS]
        lines.append(f"| {row.words} | " + " | ".join(_cell(answer) for answer in cells) + " |")
    return "\n".join(lines) + "\n"


def _cell(answer: Answer) -> str:
    return f"{answer.word} ({answer.figure})" if answer.figure else answer.word
