"""Kept answers lie under keyed digests, those that were made without a key too: repeats of them go on being recognised."""

from __future__ import annotations

import json
from typing import Any

from shared.kernel.keys import keyed
from shared.web.idempotency import COLLECTION, PURPOSE
from shared.web.pages.forms.double_submit import FORM, operation_of


def apply(database: Any) -> None:
    rows = database[COLLECTION]
    for row in list(rows.find({}, {"digest": 1})):
        if not isinstance(row["digest"], str):
            continue
        plain = bytes.fromhex(row["digest"])
        new = {**rows.find_one({"_id": row["_id"]}), "_id": _new_id(row["_id"]), "digest": keyed(PURPOSE, plain)}
        rows.replace_one({"_id": new["_id"]}, new, upsert=True)
        if new["_id"] != row["_id"]:
            rows.delete_one({"_id": row["_id"]})


def _new_id(row_id: str) -> str:
    """Return the row's id; that of a form holds a digest of what was typed."""
    operation, caller, key = json.loads(row_id)
    kind, _, rest = operation.partition(":")
    if kind != "page":
        return row_id
    name, _, plain = rest.rpartition(":")
    return json.dumps([operation_of(name, keyed(FORM, bytes.fromhex(plain))), caller, key])
