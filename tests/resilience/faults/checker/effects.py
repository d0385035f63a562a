"""I1 and I2: every answered command has exactly one effect in its owner and in every service that cares; a refused none."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Any

from tests.resilience.faults.checker.store import Row, Store
from tests.resilience.faults.checker.verdict import Verdict
from tests.resilience.faults.history import Command, History

EVENT_OF = {
    "institution": "institution_registered",
    "suspension": "institution_suspended",
    "enterprise": "enterprise_registered",
    "training": "training_scheduled",
    "seat": "roster_seated",
    "delivery": "training_delivered",
    "reversal": "delivery_reversed",
}


class Owned:
    """What enrollment holds, by name."""

    def __init__(self, store: Store) -> None:
        self.institutions = _by_name(store.rows("enrollment", "institutions"), "name")
        self.enterprises = _by_name(store.rows("enrollment", "enterprises"), "name")
        self.trainings = _by_name(store.rows("enrollment", "trainings"), "venue")
        self.events = Counter(
            (row["type"].split(".")[-2], str(row["key"])) for row in store.rows("enrollment", "outbox")
        )

    def of(self, command: Command) -> list[Row]:
        """Every row that could be this command's effect."""
        if command.kind in ("institution", "suspension"):
            return self.institutions.get(command.name, [])
        if command.kind in ("enterprise", "nonsense"):
            return self.enterprises.get(command.name, [])
        return self.trainings.get(command.of[0] if command.kind == "seat" else command.name, [])


def _by_name(rows: list[Row], field: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[str(row.get(field))].append(row)
    return dict(found)


def judge_effects(store: Store, history: History, services: list[str]) -> Verdict:
    verdict, owned = Verdict(), Owned(store)
    for command in history.open:
        verdict.hold("I1", False, f"{command.key} was never answered")
    for command in history.ended("fail"):
        verdict.hold("I1", not owned.of(command), f"{command.key} was refused and has an effect")
    accepted = history.ended("ok")
    for command in accepted:
        rows = owned.of(command)
        verdict.hold("I1", len(rows) == 1, f"{command.key} has {len(rows)} effects")
        for row in rows:
            said = owned.events[EVENT_OF[command.kind], str(row["_id"])]
            verdict.hold("I1", said == 1, f"{command.key} of {row['_id']} was said {said} times")
            _judge_row(verdict, command, row)
    asked = {command.name for command in accepted}
    for kind in (owned.institutions, owned.enterprises, owned.trainings):
        for name in kind.keys() - asked:
            verdict.hold("I1", False, f"{name} is there, and nobody asked for it")
    _Subscribers(store, services, owned, accepted).judge(verdict)
    return verdict


def _judge_row(verdict: Verdict, command: Command, row: Row) -> None:
    if command.kind == "suspension":
        verdict.hold("I1", row["state"] == "suspended", f"{command.key}: it is {row['state']}")
    if command.kind == "seat":
        verdict.hold("I1", len(row["rosters"]) == 1, f"{command.key}: {len(row['rosters'])} rosters")


class _Subscribers:
    """The same number of effects in every service that heard of a command."""

    def __init__(self, store: Store, services: list[str], owned: Owned, accepted: list[Command]) -> None:
        self._store, self._services, self._owned, self._accepted = store, services, owned, accepted
        self._reversed = {command.name for command in accepted if command.kind == "reversal"}

    def judge(self, verdict: Verdict) -> None:
        tables = {
            "finance": ("invoices",), "reporting": ("enterprise_results", "invoice_results"),
            "consulting": ("enterprise_scopes",), "certification": ("partners",), "notifications": ("letters",),
        }  # fmt: skip
        found: dict[str, dict[str, Row]] = {}
        for service in self._services:
            found |= {name: self._table(service, name) for name in tables.get(service, ())}
            found[f"{service} suspended"] = self._table(service, "suspended_institutions")
        for command in self._accepted:
            for row in self._owned.of(command):
                self._judge_one(verdict, command, str(row["_id"]), found)

    def _table(self, service: str, collection: str) -> dict[str, Row]:
        return {str(row["_id"]): row for row in self._store.rows(service, collection)}

    def _judge_one(self, verdict: Verdict, command: Command, own: str, found: dict[str, dict[str, Row]]) -> None:
        def there(table: str) -> None:
            if table in found:
                verdict.hold("I2", own in found[table], f"{command.key} ({own}) is not among {table}")

        match command.kind:
            case "institution":
                there("partners")
            case "suspension":
                for service in self._services:
                    there(f"{service} suspended")
            case "enterprise":
                there("enterprise_scopes")
                there("enterprise_results")
            case "delivery":
                self._judge_delivery(verdict, command, own, found)

    def _judge_delivery(
        self, verdict: Verdict, command: Command, training: str, found: dict[str, dict[str, Any]]
    ) -> None:
        stands = command.name not in self._reversed
        enterprise = next((str(row["_id"]) for row in self._owned.enterprises.get(command.of[0], [])), "")
        if "invoices" in found:
            rests = [
                str(row["_id"])
                for row in found["invoices"].values()
                for known in row.get("deliveries", ())
                if str(known["training_id"]) == training
            ]
            verdict.hold("I2", len(rests) == int(stands), f"{command.key}: {len(rests)} invoices rest on {training}")
        if "enterprise_results" in found:
            rooms = found["enterprise_results"].get(enterprise, {}).get("classrooms", {})
            says = rooms.get(training, {}).get("stands")
            verdict.hold("I2", says == stands, f"{command.key}: reporting says {says} of {training}")
