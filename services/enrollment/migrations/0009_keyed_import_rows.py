"""Imported rows lie under keyed ids with keyed digests, waiting files are sealed, lanes forget who took them last."""

from __future__ import annotations

from typing import Any

from services.enrollment.duplicates.sign_up_claim import COLLECTION as LANES
from services.enrollment.imports.kinds import ROW, keyed_row_id
from services.enrollment.tax_numbers.keys import tax_number_keys
from shared.domain.sealing import sealed
from shared.kernel.keys import keyed


def apply(database: Any) -> None:
    rows, files = database["imported_rows"], database["import_files"]
    for row in list(rows.find({})):
        if isinstance(row["digest"], str):  # made without a key
            digest = keyed(ROW, bytes.fromhex(row["digest"]))
            new = {"_id": keyed_row_id(row["_id"]), "made_id": row["made_id"], "digest": digest}
            rows.replace_one({"_id": new["_id"]}, new, upsert=True)
            rows.delete_one({"_id": row["_id"]})
    for file in list(files.find({}, {"_id": 1})):
        data = files.find_one({"_id": file["_id"]}).get("data")
        if data is not None:
            content = sealed(bytes(data), file["_id"], tax_number_keys()).to_mongo()
            files.replace_one({"_id": file["_id"]}, {"_id": file["_id"], "content": content})
    database[LANES].update_many({}, {"$unset": {"enterprise_id": ""}})
