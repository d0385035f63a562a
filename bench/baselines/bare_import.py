"""A loop that takes people from a workbook with the checks of the platform, and nothing else: no progress, no aggregates.

It reads with the same reader, judges each row by the same schema, looks up the enterprise and the name of each, and
writes a slice of rows in one transaction with one insert per collection.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any
from uuid import uuid4

import openpyxl
import orjson
from marshmallow import Schema
from pymongo import UpdateOne
from pymongo.client_session import ClientSession
from pymongo.database import Database
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

MAJORITY, SNAPSHOT = WriteConcern(w="majority", j=True), ReadConcern("snapshot")
Row = dict[str, Any]


def take(database: Database[Row], data: bytes, schema: Schema, size: int) -> int:
    """The number of rows that were written."""
    rows = _bodies(data, schema)
    count = 0
    while batch := list(islice(rows, size)):
        with database.client.start_session() as session:
            count += session.with_transaction(
                lambda s, batch=batch: _write(database, s, batch), read_concern=SNAPSHOT, write_concern=MAJORITY
            )
    return count


def _bodies(data: bytes, schema: Schema) -> Iterator[Row]:
    sheet = openpyxl.load_workbook(io.BytesIO(data), read_only=True).worksheets[0]
    lines = sheet.iter_rows(values_only=True)
    headings = next(lines)
    for line in lines:
        given = {name: value for name, value in zip(headings, line, strict=False) if value is not None}
        purposes = str(given.pop("consent.purposes", "")).split()
        yield schema.load({**given, "consent": {"purposes": purposes}} if purposes else given)


def _write(database: Database[Row], session: ClientSession, batch: list[Row]) -> int:
    people, facts, parties = [], [], []
    for body in batch:
        at, key = datetime.now(UTC), uuid4()
        name = " ".join(body["name"].casefold().split())
        of = database["enterprises"].find_one({"_id": body["enterprise_id"]}, session=session)
        known = database["bare_people"].find_one(
            {"enterprise_id": body["enterprise_id"], "name_key": name}, session=session
        )
        if of is None or known is not None:
            raise ValueError(body["name"])
        consents = [{"purpose": purpose, "at": at} for purpose in body.get("consent", {}).get("purposes", [])]
        people.append(
            {**body, "_id": key, "name_key": name, "provider_id": of["provider_id"], "at": at, "consent": consents}
        )
        facts.append({"_id": uuid4(), "at": at, "key": key, "body": orjson.dumps({"participant_id": str(key)})})
        parties.append(
            UpdateOne({"_id": key}, {"$set": {"at": at, "body": orjson.dumps({"name": body["name"]})}}, upsert=True)
        )
    database["bare_people"].insert_many(people, session=session)
    database["bare_events"].insert_many(facts, session=session)
    database["bare_parties"].bulk_write(parties, ordered=False, session=session)
    return len(batch)
