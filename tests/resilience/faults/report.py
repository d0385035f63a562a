"""What a run tells: faults by kind, scenarios, invariants with counts, how to run it again."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.resilience.faults.checker.verdict import Verdict
from tests.resilience.faults.ground import Ground
from tests.resilience.faults.schedule import Outcome

MEANINGS = {
    "I1": "every answered command has exactly one effect in its owner, a refused one none",
    "I2": "... and the same in every service that heard of it",
    "I3": "every committed event was applied by every subscriber",
    "I4": "nothing was applied that was not committed",
    "I5": "each stream was applied from its first event to its last, without gap, swap or repeat",
    "I7": "nothing is parked or asked for, but what was planted",
    "I9": "nothing is unsent; what is marked as sent is on its topic",
    "I10": "committed offsets never moved back, and stand at the end",
    "I16": "no process ended but those that were killed",
    "control": "every service looks as if nothing had happened",
    "scenario": "what a scenario demands besides",
}
MOST_WORDS = 8


@dataclass(slots=True)
class Run:
    seed: int
    broker: str
    outcomes: list[Outcome] = field(default_factory=list)
    faults: Counter[str] = field(default_factory=Counter)
    verdict: Verdict = field(default_factory=Verdict)
    accepted: int = 0
    asked: int = 0
    seconds: float = 0.0

    @property
    def total(self) -> Verdict:
        total = Verdict()
        for outcome in self.outcomes:
            total.add(outcome.verdict)
        total.add(self.verdict)
        return total

    @property
    def clean(self) -> bool:
        return self.total.clean


def as_json(run: Run) -> dict[str, Any]:
    total = run.total
    return {
        "seed": run.seed,
        "broker": run.broker,
        "clean": run.clean,
        "seconds": round(run.seconds),
        "commands": {"accepted": run.accepted, "asked": run.asked},
        "faults": dict(run.faults),
        "scenarios": [
            {
                "name": outcome.scenario.name, "proves": outcome.scenario.proves, "seconds": round(outcome.seconds, 1),
                "clean": outcome.verdict.clean, "skipped": outcome.skipped,
            }
            for outcome in run.outcomes
        ],
        "invariants": {name: {"checked": total.checked[name], "wrong": total.wrong.get(name, [])} for name in total.checked},
    }  # fmt: skip


def as_page(run: Run) -> str:
    """The tables, in Markdown: they are the report, and part of `docs/faults.md`."""
    total = run.total
    faults, looks = sum(run.faults.values()), sum(total.checked.values())
    commands = f"{run.accepted} commands accepted (asked {run.asked} times)"
    lines = [
        f"Seed {run.seed}, {run.broker}, {run.seconds:.0f} s: {faults} faults, {commands}, {looks} looks at invariants.",
        "",
        "| scenario | proves | seconds | result |",
        "|---|---|---:|---|",
    ]
    for outcome in run.outcomes:
        result = f"left out: {outcome.skipped}" if outcome.skipped else "holds" if outcome.verdict.clean else "VIOLATED"
        proves = ", ".join(outcome.scenario.proves)
        lines.append(f"| {outcome.scenario.name} | {proves} | {outcome.seconds:.0f} | {result} |")
    lines += ["", "| fault | times |", "|---|---:|"]
    lines += [f"| {fault} | {times} |" for fault, times in sorted(run.faults.items())]
    lines += ["", "| invariant | looked at | violated | says |", "|---|---:|---:|---|"]
    for name in sorted(total.checked, key=lambda name: (not name[1:].isdigit(), len(name), name)):
        wrong = len(total.wrong.get(name, ()))
        lines.append(f"| {name} | {total.checked[name]} | {wrong} | {MEANINGS.get(name, '')} |")
    return "\n".join(lines)


def violations(run: Run, ground: Ground) -> str:
    """The last lines of every process, what was wrong, and how to see it again: what matters most stands last."""
    wrong = [(outcome.scenario.name, outcome.verdict) for outcome in run.outcomes] + [("the whole run", run.verdict)]
    found = []
    for where, verdict in wrong:
        for invariant, words in verdict.wrong.items():
            found += [f"{where}: {invariant}: {line}" for line in words[:MOST_WORDS]]
            if len(words) > MOST_WORDS:
                found.append(f"{where}: {invariant}: and {len(words) - MOST_WORDS} more")
    lines = []
    text = ground.log.read_text(encoding="utf-8", errors="replace")
    for name in sorted({line.partition(" |")[0].rstrip() for line in text.splitlines() if " | " in line}):
        lines += [f"last lines of {name}:", *ground.last_lines(name, 6), ""]
    bad = [name for name, verdict in wrong[:-1] if not verdict.clean]
    only = f" --only {' '.join(bad)}" if bad else ""
    return "\n".join([*lines, *found, "", f"again: python -m tests.resilience.faults --seed {run.seed}{only}"])
