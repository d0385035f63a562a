"""A Flask route that writes two documents in one transaction, and nothing else: no token, no checks, no key, no log."""

from __future__ import annotations

import os
import uuid
from datetime import UTC, datetime
from typing import Any

from bson.codec_options import CodecOptions
from flask import Flask, request
from pymongo import MongoClient
from pymongo.client_session import ClientSession
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

MAJORITY, SNAPSHOT = WriteConcern(w="majority", j=True), ReadConcern("snapshot")

app = Flask(__name__)
client: MongoClient[dict[str, Any]] = MongoClient(os.environ["SCORE_MONGO_URL"], uuidRepresentation="standard")
database = client.get_database(
    f"{os.environ['SCORE_DATABASE_PREFIX']}_enrollment", CodecOptions(uuid_representation=4, tz_aware=True)
)


@app.post("/institutions")
def register() -> tuple[dict[str, Any], int]:
    body = request.get_json()
    key, at = uuid.uuid4(), datetime.now(UTC)

    def write(session: ClientSession) -> None:
        database["bare_state"].insert_one({"_id": key, "at": at, **body}, session=session)
        event = {"_id": uuid.uuid4(), "at": at, "key": key, "type": "institution_registered", "body": body}
        database["bare_events"].insert_one(event, session=session)

    with client.start_session() as session:
        session.with_transaction(write, read_concern=SNAPSHOT, write_concern=MAJORITY)
    return {"id": str(key), **body}, 201
