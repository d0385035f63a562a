"""The table on the terminal and the page docs/benchmarks.md."""

from __future__ import annotations

import importlib.metadata
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench import load, running
from bench.baselines import faststream_home
from bench.figures import REPEATS, Finding
from bench.parts import command, consumer, history, imports, letters, lists, relay
from services.enrollment.settings import enrollment_settings
from shared.kernel import clock
from shared.kernel.settings.current import settings

HEAD = ("what", "ours", "baseline", "ratio", "floor", "")
PACKAGES = (
    "secantusdb", "noida-db", "flask", "flask-smorest", "gunicorn", "mongoengine", "pymongo", "kafka-python", "orjson",
)  # fmt: skip
QUIET_PERCENT = 10.0
DISTURBED = (
    "The machine was not quiet: figures, latencies and ratios of this run are provisional, and `idle` means only that nothing"
    " else was asked of the platform."
)
SENTENCE = "median of {repeats} rounds (lowest to highest)"


@dataclass(frozen=True, slots=True)
class Part:
    """What one part of the run found; `before` and `after` are percent of the machine that others used."""

    name: str
    findings: list[Finding]
    seconds: float
    before: float
    after: float


def table(findings: Sequence[Finding]) -> str:
    rows = [HEAD, *((f.what, f.ours, f.beside, f.ratio, f.floor, f.verdict) for f in findings)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    lines = [
        "| " + " | ".join(f"{cell:<{width}}" for cell, width in zip(row, widths, strict=True)) + " |" for row in rows
    ]
    return "\n".join([lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]])


def page(parts: Sequence[Part], seconds: float) -> str:
    findings = [finding for part in parts for finding in part.findings]
    missed = [finding.what for finding in findings if finding.met is False]
    judged = sum(finding.met is not None for finding in findings)
    undecided = sum(bool(finding.floor) and finding.met is None for finding in findings)
    verdict = f"{len(missed)} of {judged} floors are missed{': ' if missed else ''}{'; '.join(missed)}."
    verdict += f" {undecided} more could not be decided." if undecided else ""
    return "\n".join(
        [
            "# Benchmarks",
            "<!-- Written by `make bench`. Do not edit. -->",
            "",
            "What the guarantees cost: each part beside a bare loop (`bench/baselines/`) that does the same work without",
            "them, in one run, in turn, on the same engines, with the same payload, acknowledgements and durability. Floors",
            f"are what the design asks for at least. Figures are the {SENTENCE.format(repeats=REPEATS)}; a ratio is",
            "taken round by round.",
            "",
            f"**{verdict}**",
            "",
            table(findings),
            "",
            "## The run",
            "",
            f"{clock.now():%Y-%m-%d %H:%M} UTC, {seconds:.0f} seconds. {machine()}",
            "",
            "Engines: the embedded ones (SecantusDB with `--sync-on-commit`, noida-db), on loopback, on the same cores as"
            " everything else. Versions: "
            + ", ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES)
            + ".",
            "",
            _disturbance(parts),
            "",
            *_how(),
            "",
            *_not_done(),
            "",
        ]
    )


def history_page(part: Part, seconds: float) -> str:
    """Of a run of the part `history` alone."""
    return _of_parts(
        "What a longer history costs",
        "python -m bench history --published N --page docs/history.md",
        "Event rows, cursors and parked records are kept for ever, so nothing may become dearer with their number.",
        [part],
        seconds,
    )


def kafka_page(parts: Sequence[Part], seconds: float) -> str:
    """Of a run on a broker that is not the embedded one."""
    return _of_parts(
        "Benchmarks on Apache Kafka",
        f"python -m bench {_names(parts)} --kafka ADDRESSES --page docs/benchmarks-kafka.md",
        "What of benchmarks.md a broker has a part in, on three of them (`make kafka`: replicas on all, two of them in"
        " sync) beside the embedded store, all on the same cores.",
        parts,
        seconds,
    )


def store_page(parts: Sequence[Part], seconds: float, described: str) -> str:
    """Of a run on a store that is not the embedded one, with its words about itself."""
    return _of_parts(
        f"Benchmarks on {described}",
        f"python -m bench {_names(parts)} --mongo URL --page FILE",
        "What of benchmarks.md a store has a part in, on this one beside the embedded broker, all on the same cores."
        " Both sides of a ratio ask the same store, so a ratio says what the guarantees cost there.",
        parts,
        seconds,
    )


def _names(parts: Sequence[Part]) -> str:
    return " ".join(part.name for part in parts)


def _of_parts(title: str, command_line: str, intention: str, parts: Sequence[Part], seconds: float) -> str:
    return sheet(
        title,
        command_line,
        intention,
        table([finding for part in parts for finding in part.findings]),
        f"{clock.now():%Y-%m-%d %H:%M} UTC, {seconds:.0f} seconds, rows made included. {machine()}",
        _disturbance(parts),
        "How it is measured stands in [benchmarks](benchmarks.md).",
    )


def sheet(title: str, command_line: str, *paragraphs: str) -> str:
    """A page that one command writes."""
    return "\n\n".join([f"# {title}\n<!-- Written by `{command_line}`. Do not edit. -->", *paragraphs]) + "\n"


def machine() -> str:
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{psutil.cpu_count()} cores ({_model()}), {memory:.0f} GiB of memory, {platform.system()} {platform.machine()},"
        f" {platform.python_implementation()} {platform.python_version()}."
    )


def _model() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), "model not told")


def _disturbance(parts: Sequence[Part]) -> str:
    used = ", ".join(f"{part.name} {part.before:.0f} and {part.after:.0f} %" for part in parts)
    worst = max(max(part.before, part.after) for part in parts)
    judgement = DISTURBED if worst > QUIET_PERCENT else "The machine was quiet."
    return f"Share of the processor that others used before and after each part: {used}. {judgement}"


def _how() -> list[str]:
    command_words = (
        f"- **Command**: {load.CONNECTIONS} kept connections, each waiting for its answer,"
        f" {command.SECONDS:.0f} seconds a round, one"
        " gunicorn worker on both sides with the platform's own settings. Ours is `POST"
        " /v1/institutions` with token, validation,"
        " permission, idempotency key and one transaction of four writes (institution, event, party,"
        " kept answer); the rate limit"
        " is on, its bound out of reach. The bare route writes two documents in one transaction."
    )
    relay_words = (
        f"- **Relay**: {relay.ROWS:,} rows that are pending before the clock starts, from the"
        " first step to the last mark, in"
        f" batches of {settings().relay_batch}. The producer sends the same records with the same headers, idempotent,"
        " `acks=all`, and waits once for all of them."
    )
    consumer_words = (
        f"- **Consumer**: {consumer.RECORDS:,} records, polls of {settings().batch_events}, offsets"
        " committed after each; a new group"
        " each round, the clock starts with the first record. Both sides upsert one document per"
        " record, the bare loop in one bulk"
        f" write in one transaction per poll. Event by event reads {consumer.ONE_BY_ONE} records,"
        " each in a transaction of its own."
        " The records that a group takes one by one after an assignment are left out. Effects are"
        " counted after each round. Ten"
        " events of one key share the write of its cursor and nothing else: a handler runs once per event."
        f" FastStream {faststream_home.version()} (aiokafka) runs in a process of its own with a batch subscriber of the same"
        " size, one transaction per batch, a row of an inbox per event id, and the commit behind it; it keeps no order per"
        " key, parks nothing and asks nobody for what is missing. After its rounds another group reads everything once more,"
        " which must change nothing."
    )
    history_words = (
        "- **History**: `baseline` is the short history, `ours` the long one, `ratio` is long by short, of"
        f" {history.ROUNDS} rounds ({history.IDLE_ROUNDS} for the idle step), the two in turn, each with a store and a broker of"
        f" its own. A round is {history.PENDING:,} rows, {history.COMMANDS} commands, {history.RECORDS} events. Behind the"
        " consumer are as many cursors as there are rows. A longer history makes nothing cheaper: where the ratio says so by"
        " more than the growth allowed, the noise is larger than what is looked for, and nothing is decided."
    )
    list_words = (
        f"- **Lists**: milliseconds, {lists.READS} rounds; enterprises spread evenly over two years, in a store of its own for"
        " each size. A round reads every page once, ours and bare in turn. Ours is the whole answer of the application, the bare"
        " loop reads the same windows with PyMongo and writes the documents as JSON. Only a list in the order of an indexed time,"
        " alone or within one equal indexed value, is read in windows; every other order and every other filter costs what it"
        " matches on the embedded store."
    )
    letter_words = (
        f"- **Letters**: {letters.LETTERS} letters to as many recipients at 50 domains, due before the clock starts, over"
        " `SCORE_MAIL_CONNECTIONS` connections; the bare loop makes mails of about that size and sends them over one. The sink"
        " is the embedded mailbox, which keeps each as a file."
    )
    import_words = (
        f"- **Import**: {imports.ROWS:,} people of one enterprise, {imports.ROWS:,} enterprises of one provider, from a"
        " workbook, from the upload to the last row. The bare loops read the same file, judge each row by the same schema, ask"
        " the store the same questions (enterprise and namesakes once per slice; which enterprises are alike, row by row) and"
        " write slices of the same size into collections with the same indexes. Ours keeps position, row ledger, versions and"
        f" the story beside, and judges the first {enrollment_settings().import_preview_rows} rows twice, since an upload is"
        " answered with what is wrong with them."
    )
    latency_words = (
        f"- **Latency**: {running.TIMES} institutions, one after the other, on the platform as `score"
        " up` runs it, until certification's"
        " row is there. The commit lies between the recording of the event and the answer, so the time from commit to effect"
        " lies between the two figures: a floor between them is not decided. Counted from the request it holds the whole"
        " command."
    )
    memory_words = (
        "- **Memory**: resident sets; shared pages count in each process. **Imports**: a new"
        " interpreter each time, compiled files"
        " there."
    )
    sentences = [
        command_words,
        relay_words,
        consumer_words,
        history_words,
        list_words,
        letter_words,
        import_words,
        latency_words,
        memory_words,
    ]
    return ["## How each is measured", "", *sentences]


def _not_done() -> list[str]:
    return [
        "## Not done",
        "",
        (
            "- Elsewhere: Apache Kafka in [benchmarks-kafka](benchmarks-kafka.md), SecantusDB's Rust server in"
            " [benchmarks-rust-store](benchmarks-rust-store.md), a million published rows in [history](history.md), ten minutes"
            " of memory in [memory](memory.md)."
        ),
        "- A real MongoDB: none can be had where this was measured; `--mongo URL` uses one.",
        "- Latency at 60 % load, overload, draining after a broker outage.",
        "- A projection that folds events in the consumer group (there is none yet).",
    ]
