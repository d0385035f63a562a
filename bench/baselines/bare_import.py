"""Loops that take people and enterprises from a workbook with the checks of the platform, and nothing else: no progress,
no ledger of rows, no aggregates.

The same reader of workbooks, the same schema for each row, the same questions to the store: is the enterprise there, is
somebody there by that name; is the provider active, which enterprises are like this one, and how alike, with the lanes
taken that keep another of the same moment out. They are asked
as cheaply as we know how: once for a slice of rows, except for enterprises that are alike, since the embedded store
compares each row that it finds with each key that was asked for. A slice is one transaction with one insert per
collection, into collections with the indexes of the platform's own: entries, their events, their parties.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any
from uuid import UUID, uuid4

import openpyxl
import orjson
from marshmallow import Schema
from pymongo import ReplaceOne
from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from services.enrollment.duplicates.matching import Described, claims_of, keys_of, resemblance
from services.enrollment.duplicates.sign_up_claim import lane_of

MAJORITY, SNAPSHOT = WriteConcern(w="majority", j=True), ReadConcern("snapshot")
Row = dict[str, Any]
Write = Callable[[Database[Row], ClientSession, list[Row]], int]


def take(database: Database[Row], data: bytes, schema: Schema, size: int, write: Write) -> int:
    """The number of rows that were written."""
    rows = _bodies(data, schema)
    count = 0
    while batch := list(islice(rows, size)):
        with database.client.start_session() as session:
            count += session.with_transaction(
                lambda s, batch=batch: write(database, s, batch), read_concern=SNAPSHOT, write_concern=MAJORITY
            )
    return count


def write_people(database: Database[Row], session: ClientSession, batch: list[Row]) -> int:
    names: dict[UUID, list[str]] = {}
    for body in batch:
        body["name_key"] = " ".join(body["name"].casefold().split())
        names.setdefault(body["enterprise_id"], []).append(body["name_key"])
    wanted = {"_id": {"$in": list(names)}}
    providers = {row["_id"]: row["provider_id"] for row in database["enterprises"].find(wanted, session=session)}
    for enterprise_id, keys in names.items():
        known = {"enterprise_id": enterprise_id, "name_key": {"$in": keys}}
        if len(set(keys)) < len(keys) or list(database["bare_people"].find(known, session=session)):
            raise ValueError("somebody is there already")
    people = []
    for body in batch:
        at = datetime.now(UTC)
        consents = [{"purpose": purpose, "at": at} for purpose in body.get("consent", {}).get("purposes", [])]
        owner = {"provider_id": providers[body["enterprise_id"]], "created_at": at}
        words = body["name_key"].split()
        people.append({**body, **owner, "_id": uuid4(), "name_words": words, "consent": consents})
    return _insert(database, session, "bare_people", people)


def write_enterprises(database: Database[Row], session: ClientSession, batch: list[Row]) -> int:
    wanted = {"_id": {"$in": list({body["provider_id"] for body in batch})}, "state": "active"}
    providers = {row["_id"] for row in database["institutions"].find(wanted, session=session)}
    entered: dict[str, list[Row]] = {}
    enterprises, lanes = [], set()
    for body in batch:
        described, at = _described(body), datetime.now(UTC)
        keys = keys_of(described)
        alike = list(database["bare_enterprises"].find({"match_keys": {"$in": keys}}, session=session))
        alike += [row for key in keys for row in entered.get(key, ())]
        if body["provider_id"] not in providers or any(resemblance(described, _described(row)) for row in alike):
            raise ValueError("it is there already, or nobody's")
        row = {**body, "_id": uuid4(), "created_at": at, "match_keys": keys}
        enterprises.append(row)
        lanes.update(lane_of(key) for key in claims_of(described))
        for key in keys:
            entered.setdefault(key, []).append(row)
    taken = [ReplaceOne({"_id": lane}, {"_id": lane, "at": at}, upsert=True) for lane in lanes]
    database["bare_claims"].bulk_write(taken, ordered=False, session=session)
    return _insert(database, session, "bare_enterprises", enterprises)


def _described(row: Row) -> Described:
    return Described(
        name=row["name"], legal_form=row["legal_form"], province=row["province"], place=row["place"], nib=row["nib"]
    )


def _insert(database: Database[Row], session: ClientSession, collection: str, rows: list[Row]) -> int:
    """The entries of a slice, an event of each with its mark for whoever sends it, and a party of each."""
    events, marks, parties = [], [], []
    for row in rows:
        key, at = row["_id"], row["created_at"]
        body = orjson.dumps({"id": str(key)}).decode()
        event = {"_id": uuid4(), "key": key, "sequence": 1, "body": body, "recorded_at": at, "correlation_id": key}
        events.append(event)
        marks.append({"_id": event["_id"], "at": at})
        said = orjson.dumps({"name": row["name"]}).decode()
        parties.append({"_id": key, "body": said, "recorded_at": at, "pending_at": at})
    written = {collection: rows, "bare_outbox": events, "bare_pending": marks, "bare_contact_outbox": parties}
    for name, made in written.items():
        database[name].insert_many(made, session=session)
    return len(rows)


def _bodies(data: bytes, schema: Schema) -> Iterator[Row]:
    """Headings are names of fields, `headcount.women` one of a nested object; purposes stand in one cell."""
    sheet = openpyxl.load_workbook(io.BytesIO(data), read_only=True).worksheets[0]
    lines = sheet.iter_rows(values_only=True)
    headings = [heading.split(".") for heading in next(lines)]
    for line in lines:
        body: Row = {}
        for (*outer, name), value in zip(headings, line, strict=False):
            if value is not None:
                place = body
                for part in outer:
                    place = place.setdefault(part, {})
                place[name] = value.split() if name == "purposes" else value
        yield schema.load(body)
