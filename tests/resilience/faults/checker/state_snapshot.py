"""What a platform looks like in the end, without ids, moments and numbers that differ from run to run.

Two platforms that were given the same commands, one with faults and one without, must look the same.
"""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime
from typing import Any
from uuid import UUID

from tests.resilience.faults.checker.planted import Planted
from tests.resilience.faults.checker.store import Row, Store

STATE = {
    "enrollment": ("institutions", "enterprises", "trainings", "journeys", "suspended_institutions"),
    "finance": ("invoices", "series", "suspended_institutions"),
    "reporting": ("enterprise_results", "invoice_results", "trainer_results", "cost_results", "suspended_institutions"),
    "consulting": ("enterprise_scopes", "visits", "contacts", "suspended_institutions"),
    "certification": ("partners", "contacts", "suspended_institutions"),
    "notifications": ("letters", "contacts", "suspended_institutions"),
}
# what depends on the moment, not on the history: numbers follow the order of arrival, a letter may have waited, or been tried
PASSING = {
    "created_at", "updated_at", "recorded_at", "correlation_id", "cause_id", "cause_at", "traceparent", "number",
    "issued_on", "due_on", "next_try_at", "suspended_at", "event_id",
}  # fmt: skip
OF_LETTERS = {
    "version", "about", "tries", "reason", "claimed_at", "claim_id", "address_id", "trying_since", "handed_over_at", "steps",
}  # fmt: skip
# a worker that starts tries once what is queued, and the next time a day later: here nothing takes mail, so both are on their way
ON_THEIR_WAY = {"sending": "queued"}
Portrait = dict[str, Counter[str]]


def portray(store: Store, services: list[str], planted: Planted) -> Portrait:
    names = _names(store)
    found: Portrait = {}
    for service in services:
        there = store.collections(service)
        for collection in STATE[service]:
            rows = store.rows(service, collection) if collection in there else []
            found[f"{service}.{collection}"] = Counter(
                _written(_on_its_way(row), names, OF_LETTERS)
                if collection == "letters"
                else _written(row, names, set())
                for row in rows
                if not {str(row["_id"]), str(row.get("recipient_id"))} & planted.keys
            )
        said = [(row["type"], str(row["key"]), row["sequence"]) for row in store.rows(service, "outbox")]
        found[f"{service}.events"] = Counter(f"{kind} {names.get(key, '#')} {n}" for kind, key, n in said)
    return found


def differences(real: Portrait, control: Portrait) -> list[str]:
    lines = []
    for part in sorted(real.keys() | control.keys()):
        mine, theirs = real.get(part, Counter()), control.get(part, Counter())
        lines += [f"{part}: only with faults ({count}x): {row}" for row, count in (mine - theirs).items()]
        lines += [f"{part}: only without faults ({count}x): {row}" for row, count in (theirs - mine).items()]
    return lines


def _names(store: Store) -> dict[str, str]:
    """A name that is the same in every run, for each id that has one."""
    names = {str(row["_id"]): row["name"] for row in store.rows("enrollment", "institutions")}
    names |= {str(row["_id"]): row["name"] for row in store.rows("enrollment", "enterprises")}
    names |= {str(row["_id"]): row["venue"] for row in store.rows("enrollment", "trainings")}
    for row in store.rows("enrollment", "journeys"):
        names[str(row["_id"])] = f"journey of {names.get(str(row['enterprise_id']))} {row['module']}"
    for row in store.rows("finance", "invoices"):
        names[str(row["_id"])] = f"invoice of {names.get(str(row['enterprise_id']))} {row['module']} {row['tranche']}"
    return names


def _on_its_way(letter: Row) -> Row:
    return {**letter, "state": ON_THEIR_WAY.get(letter["state"], letter["state"])}


def _written(row: Row, names: dict[str, str], left_out: set[str]) -> str:
    return json.dumps(_plain(row, names, left_out), sort_keys=True)


def _plain(value: Any, names: dict[str, str], left_out: set[str]) -> Any:
    if isinstance(value, dict):
        kept = {
            key: inner
            for key, inner in value.items()
            if key not in PASSING and key not in left_out and inner != []  # a new row is stored without its empty lists
        }
        return {names.get(key, key): _plain(inner, names, left_out) for key, inner in kept.items()}
    if isinstance(value, list):
        return sorted((_plain(inner, names, left_out) for inner in value), key=json.dumps)
    if isinstance(value, UUID):
        return names.get(str(value), "#")
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == datetime.min.time() else "@"
    return value if isinstance(value, str | int | float | bool | None) else str(value)
