"""Tells, for `score parked`, what became of a record, and which one of its key follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from shared.kernel.service import Service
    from shared.messaging.operations.commands import Outcome


def tell(service: Service, row: dict[str, Any], outcome: Outcome) -> None:
    from shared.messaging.operations.redaction import detail_of

    detail = detail_of(row, outcome.detail) if outcome.detail else ""
    worker = f"the {service.name} worker"
    click.echo({
        "applied": f"applied {detail}".strip(),
        "superseded": "it had been applied before; no longer parked",
        "waiting": f"still parked, waiting: {detail}",
        "failed": f"failed again: {detail}",
        "out of turn": f"not its turn: sequence {row['sequence']} of this key comes after {outcome.expected}",
        "discarded": "discarded, and kept with the reason",
    }[outcome.state], err=outcome.state in ("waiting", "failed", "out of turn"))  # fmt: skip
    click.echo(_next_words(row, outcome, worker))


def _next_words(row: dict[str, Any], outcome: Outcome, worker: str) -> str:
    """Say which record of the key follows, and who takes it."""
    from shared.messaging.operations.redaction import id_shown

    if row["key"] is None:
        return "it blocks no key: nothing waits behind it"
    next_row, behind = outcome.then, outcome.behind
    if next_row is None and behind:
        return f"sequence {outcome.expected} has not arrived: {worker} asks its owner for it; {behind} wait behind it"
    if next_row is None:
        return "nothing of this key is parked"
    more = f"; {behind - 1} more behind it" if behind > 1 else ""
    if next_row["reason"] == "failed":
        return f"first of this key, for an operator: {id_shown(next_row['_id'])}{more}"
    return f"next of this key, taken by {worker} while it runs: {id_shown(next_row['_id'])}{more}"


def written(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(value)
    return f"{value:%Y-%m-%d %H:%M:%S} UTC" if hasattr(value, "tzinfo") else str(value)
