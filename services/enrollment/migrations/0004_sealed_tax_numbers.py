"""Individuals' tax numbers that lie in clear are sealed, and every number is found by its keyed hash."""

from __future__ import annotations

from typing import Any

from services.enrollment.duplicates.matching import keys_of
from services.enrollment.enterprises.model import Enterprise
from services.enrollment.tax_numbers.keys import tax_number_keys
from services.enrollment.tax_numbers.model import file_number


def apply(database: Any) -> None:
    rows, tax_keys = database["enterprises"], tax_number_keys()
    for row in rows.find({"npwp": {"$exists": True, "$ne": None}}):
        enterprise = Enterprise._from_son(row)  # noqa: SLF001
        file_number(enterprise, tax_keys)
        keys = keys_of(enterprise.described(tax_keys)) if row.get("match_keys") else []
        fields = {"match_keys": keys}
        gone = {}
        if enterprise.sealed_npwp is not None:
            fields["sealed_npwp"] = enterprise.sealed_npwp.to_mongo()
            gone = {"$unset": {"npwp": "", "npwp_given": ""}}
        rows.update_one({"_id": row["_id"], "version": row["version"]}, {"$set": fields, **gone})
