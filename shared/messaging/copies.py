"""The local copies of what others say on compacted topics, parties and reference: of each thing its newest version.

Newest version wins, an erasure is final and leaves only the id. A copy is kept once per service; each group remembers which
versions it has seen, so that every group that reacts to them hears each.

A version that is not the next one after what is known may be forged: nobody is written to at its address before the owner
has said the same, or something else, in answer to a request. Until then the row is in doubt. A copy that nobody is written to
by, and is shown only, is asked about by nobody.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from shared.contracts.catalogue import kind_of_topic
from shared.contracts.parties import CONTACTS
from shared.contracts.reference import REFERENCE
from shared.contracts.wire.compacted import Entry, Said, Tombstone
from shared.kernel import clock, ids
from shared.messaging.ports import Heard
from shared.storage import connection
from shared.storage.indexes import index

PARTIES: Final = "contacts"
REFERENCES: Final = "references"
COLLECTIONS: Final[dict[str, Any]] = {
    PARTIES: (index("belongs_to"), index("ask_at", sparse=True)),
    REFERENCES: (index("kind"),),
}
_COPIES: Final = {CONTACTS.prefix: PARTIES, REFERENCE.prefix: REFERENCES}


def keep(group: str, said: Said, heard: Heard) -> bool:
    """Keep what is newer than what this group has seen; part of the running transaction."""
    rows = connection.database()[collection_of(heard.topic)]
    row = rows.find_one({"_id": said.key}) or {}
    after, is_news = received(row, group.replace(".", "_"), said, heard, clock.now())
    if after != row:
        rows.replace_one({"_id": said.key}, after, upsert=True)
    return is_news


def collection_of(topic: str) -> str:
    """Return where the copies are kept of what travels on a topic."""
    kind = kind_of_topic(topic)
    if kind is None:
        raise ValueError(f"{topic} is no compacted topic")
    return _COPIES[kind.prefix]


def received(row: Mapping[str, Any], slot: str, said: Said, heard: Heard, now: datetime) -> tuple[dict[str, Any], bool]:
    """Return a thing's row after a record, and whether that is news to the group of this slot.

    A version is believed when it is the next one, or when the owner said it in answer to the request that the row names.
    Any other is kept in doubt, and whatever else comes meanwhile has the owner asked soon.
    """
    before = dict(row)
    seen: dict[str, int] = before.get("seen", {})
    is_answer = before.get("doubt") in heard.answers
    if not is_answer and (seen.get(slot, 0) >= said.version or (before.get("erased") and isinstance(said, Entry))):
        return _asking(before, now), False
    if is_answer:  # each group hears of it anew
        seen = {group: min(version, said.version - 1) for group, version in seen.items()}
    seen = {**seen, slot: said.version}
    if isinstance(said, Tombstone):  # each group hears of it, the copy is gone with the first
        return {"erased": True, "version": said.version, "seen": seen}, True
    known, fields = before.get("version", 0), fields_of(said)
    is_next = said.version == known + 1 or (said.version > known and not heard.is_written_to)
    if is_answer or (is_next and "doubt" not in before):
        return {**fields, "seen": seen}, True
    if said.version < known:
        return _asking({**before, "seen": seen}, now), True
    if all(before.get(name) == value for name, value in fields.items()):
        return {**before, "seen": seen}, True
    doubt = {"doubt": before.get("doubt") or ids.new(), "doubted_on": heard.topic, "ask_at": now}
    return {**(fields if said.version > known else before), "seen": seen, **doubt}, True


def _asking(row: dict[str, Any], now: datetime) -> dict[str, Any]:
    return {**row, "ask_at": now} if "doubt" in row else row


def fields_of(entry: Entry) -> dict[str, Any]:
    """Return what is kept of an entry: its kind and all of its fields but the id."""
    names = (name for name in entry.__struct_fields__ if name != entry.KEY)
    values = ((name, getattr(entry, name)) for name in names)
    return {"kind": entry.kind, **{name: list(value) if isinstance(value, tuple) else value for name, value in values}}
