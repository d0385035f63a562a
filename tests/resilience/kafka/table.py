"""What each broker is expected to do, row by row, and the page that a run writes from what it saw."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from tests.resilience.kafka import group_probes, probes
from tests.resilience.kafka.probes import Answer, Probe

PAGE = Path(__file__).resolve().parents[3] / "docs" / "brokers.md"
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
        "# Brokers",
        "",
        "<!-- Written by `make kafka-test PAGE=1` from what the run saw. Do not edit. -->",
        "",
        "`make up` brings the embedded broker. `make kafka` runs Apache Kafka instead: three brokers on loopback, each its own",
        "controller too, replication 3 and `min.insync.replicas` 2, without Docker. It needs Java 17 or newer and Maven, which",
        "fetches the jars of `deploy/kafka/pom.xml` into `.data/kafka/libs` once; the brokers' logs and records are in",
        "`.data/kafka/cluster`. It says how to use it: `score up --kafka 127.0.0.1:19292,127.0.0.1:19293,127.0.0.1:19294`.",
        "",
        "Topics are made with a copy on each broker, three at most; a record is acknowledged when all copies but one hold it.",
        "`score up --kafka` keeps events for ever; a production deployment sets `SCORE_TOPIC_RETENTION_MS` and",
        "`SCORE_TOPIC_RETENTION_BYTES` to -1 where it makes the topics. Whoever sets `SCORE_TOPIC_*` ([settings](settings.md))",
        "decides otherwise.",
        "",
        "`make kafka-test` proves on such a cluster what the embedded broker cannot show, since it never gives a member up: the",
        "groups of `tests/resilience/kafka/test_groups.py` (zombies, workers that come and go, dead workers, killed brokers,",
        "added partitions, a topic made again), the integration tests and the journey of the whole platform. A build runs a",
        "part.",
        "",
        "## What each can do",
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
