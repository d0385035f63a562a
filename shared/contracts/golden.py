"""Keeps what is published of every contract: its frozen JSON Schema and one golden sample, as files in `published/`.

`check` says in words how the classes and the files disagree; `write` brings the files up to date. Before the first
release a file may be rewritten; afterwards a schema may only gain what `compatibility` allows, and a sample never
changes: it stands for every event of its time that is kept for ever.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import orjson

from shared.contracts import samples
from shared.contracts.catalogue import COMPACTED, all_events
from shared.contracts.control import CONTROL_TOPIC, KEYS, MESSAGES
from shared.contracts.event import declaration_of
from shared.contracts.wire.codec import decode, encode
from shared.contracts.wire.compacted import Entry
from shared.contracts.wire.compatibility import breaks
from shared.contracts.wire.record import schema_uri
from shared.contracts.wire.schema import json_schema
from shared.contracts.wire.shape import Contract, Undecodable

PUBLISHED: Final = Path(__file__).parent / "published"


def contracts() -> dict[str, type[Contract]]:
    """Return everything that goes over a topic: events, entries of compacted topics and control messages, by type."""
    events: dict[str, type[Contract]] = {declaration_of(cls).type: cls for cls in all_events()}
    entries = {name: cls for topics in COMPACTED for name, cls in topics.entries.items()}
    return dict(sorted((events | entries | MESSAGES).items()))


def published_schema(name: str, cls: type[Contract]) -> dict[str, Any]:
    """Return the JSON Schema with the marks that must not change either: type, topic and key."""
    if issubclass(cls, Entry):
        prefix = next(topics.prefix for topics in COMPACTED if name in topics.entries)
        marks = {"x-topic": f"{prefix}<owner>", "x-key": cls.KEY}
    elif name in MESSAGES:
        marks = {"x-topic": CONTROL_TOPIC, "x-key": KEYS[MESSAGES[name]]}
    else:
        declaration = declaration_of(cls)
        marks = {"x-topic": declaration.owner.topic, "x-key": declaration.key}
    schema = json_schema(cls)
    return {"$schema": schema.pop("$schema"), "$id": schema_uri(name), "x-type": name} | marks | schema


def check(folder: Path = PUBLISHED, declared: dict[str, type[Contract]] | None = None) -> list[str]:
    """Return every disagreement between the classes and the published files, in words."""
    present = contracts() if declared is None else declared
    faults = [f"{name}: published, but no class declares it any more" for name in _published(folder) - present.keys()]
    for name, cls in present.items():
        faults += [
            f"{name}: {fault}" for fault in [*_schema_faults(folder, name, cls), *_sample_faults(folder, name, cls)]
        ]
    return sorted(faults)


def write(folder: Path = PUBLISHED, declared: dict[str, type[Contract]] | None = None, *, frozen: bool) -> list[str]:
    """Bring the files up to date; what may not change is left alone and returned in words."""
    present = contracts() if declared is None else declared
    folder.mkdir(exist_ok=True)
    if not frozen:
        for name in _published(folder) - present.keys():
            _schema_file(folder, name).unlink(missing_ok=True)
            _sample_file(folder, name).unlink(missing_ok=True)
    for name, cls in present.items():
        schema, sample = _schema_file(folder, name), _sample_file(folder, name)
        old = orjson.loads(schema.read_bytes()) if schema.exists() else None
        new = published_schema(name, cls)
        if old is None or not frozen or not breaks(old, new):
            schema.write_bytes(orjson.dumps(new, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
        if not frozen or not sample.exists():
            sample.write_bytes(encode(samples.sample(cls)) + b"\n")
    return check(folder, present)


def golden_body(name: str, folder: Path = PUBLISHED) -> bytes:
    """Return the golden sample of a type, as it would travel."""
    return _sample_file(folder, name).read_bytes().removesuffix(b"\n")


def _schema_faults(folder: Path, name: str, cls: type[Contract]) -> list[str]:
    file = _schema_file(folder, name)
    if not file.exists():
        return ["has no published schema"]
    old, new = orjson.loads(file.read_bytes()), published_schema(name, cls)
    return breaks(old, new) or (["the published schema is out of date"] if old != new else [])


def _sample_faults(folder: Path, name: str, cls: type[Contract]) -> list[str]:
    if not _sample_file(folder, name).exists():
        return ["has no golden sample"]
    body = golden_body(name, folder)
    try:
        again = encode(decode(cls, body))
    except Undecodable as refusal:
        return [f"the golden sample cannot be read: {refusal.reason}"]
    return [] if again == body else ["the golden sample is written again as other bytes (order of fields, defaults)"]


def _published(folder: Path) -> set[str]:
    names = {file.name for file in folder.glob("*.json")}
    return {name.removesuffix(".schema.json").removesuffix(".sample.json") for name in names}


def _schema_file(folder: Path, name: str) -> Path:
    return folder / f"{name}.schema.json"


def _sample_file(folder: Path, name: str) -> Path:
    return folder / f"{name}.sample.json"
