"""Planted bugs: `python -m tests.resilience.faults.mutants` patches a copy of the tree and demands that the fault run turns red.

Only the scenario that should notice is run. A mutant is caught when the run names one of the invariants that the bug
breaks; a run that could not be carried out proves nothing, and neither does one that is red without the bug: the scenarios
are first run on the tree as it is.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from shared.kernel.service import ROOT

COPIED = ("shared", "services", "deploy")
DEADLINE = 30.0


@dataclass(frozen=True, slots=True)
class Mutant:
    name: str
    file: str
    old: str
    new: str
    scenario: str
    breaks: tuple[str, ...]


MUTANTS = (
    Mutant("publish before commit", "shared/storage/transaction.py",
           '        failpoints.hit("outbox.after_insert"',
           "        from shared.messaging.kafka.producer import KafkaLog\n"
           "        from shared.messaging.outbox.events import outgoing_of\n"
           '        early = [outgoing_of(row) for name, row in batch.added if name == "outbox"]\n'
           '        KafkaLog("early").publish(early) if early else None\n'
           '        failpoints.hit("outbox.after_insert"',
           "web-killed-before-commit", ("I4",)),
    Mutant("mark before acknowledge", "shared/messaging/outbox/relay.py",
           '        failpoints.hit("relay.before_publish", self._outbox.topic)\n',
           "        self._outbox.mark([Acknowledged(row, 0, 0) for row in stamped], {})\n"
           '        failpoints.hit("relay.before_publish", self._outbox.topic)\n',
           "relay-killed-before-publish", ("I9",)),
    Mutant("offset before effect", "shared/messaging/inbox/runner.py",
           "            with metrics.EVENT_DURATION.labels(self.group.group).time():\n",
           "            self._read_on(consumer, records)\n"
           "            with metrics.EVENT_DURATION.labels(self.group.group).time():\n",
           "consumer-killed-before-its-only-effect", ("I3",)),
    Mutant("no cursor check", "shared/messaging/inbox/applying.py",
           "        if envelope.sequence <= cursor.sequence:\n", "        if False:\n",
           "late-duplicates", ("I5", "I2")),
    Mutant("skip on error", "shared/messaging/inbox/applying.py",
           "                self._park_failed(outcome, outcome.error, cursors)\n", "",
           "garbage", ("I7",)),
    Mutant("reset to latest", "shared/messaging/kafka/consumer.py",
           'auto_offset_reset="earliest"', 'auto_offset_reset="latest"', "new-groups", ("I3",)),
)  # fmt: skip


def verdict(mutant: Mutant, seed: int) -> tuple[str, bool]:
    """What became of a mutant, and whether that is as it should be."""
    with tempfile.TemporaryDirectory(prefix="score-mutant-") as folder:
        copy = Path(folder)
        for name in COPIED:
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        (copy / "tests").symlink_to(ROOT / "tests")
        path = copy / mutant.file
        source = path.read_text(encoding="utf-8")
        if source.count(mutant.old) != 1:
            return f"does not apply ({source.count(mutant.old)} places)", False
        path.write_text(source.replace(mutant.old, mutant.new), encoding="utf-8")
        return _judged(mutant, _run(copy, seed, DEADLINE, [mutant.scenario]))


def _run(tree: Path, seed: int, deadline: float, scenarios: list[str]) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.resilience.faults", "--seed", str(seed), "--no-control", "--json"]
    command += ["--deadline", str(deadline), "--only", *scenarios]
    return subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False, timeout=900)


def _judged(mutant: Mutant, done: subprocess.CompletedProcess[str]) -> tuple[str, bool]:
    if done.returncode == 0:
        return "NOT CAUGHT", False
    try:
        found = json.loads(done.stdout)["invariants"]
    except ValueError:
        return f"could not be run: {(done.stderr.strip() or 'silence').splitlines()[-1]}", False
    broken = {name: told["wrong"] for name, told in found.items() if told["wrong"]}
    seen = [name for name in mutant.breaks if name in broken]
    if not seen:
        return f"red for another reason: {', '.join(broken)}", False
    return f"caught by {', '.join(seen)}: {broken[seen[0]][0][:110]}", True


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="part of a mutant's name")
    asked = parser.parse_args()
    chosen = [mutant for mutant in MUTANTS if asked.only in mutant.name]
    calm = _run(ROOT, asked.seed, 2 * DEADLINE, sorted({mutant.scenario for mutant in chosen}))
    print(
        f"{'nothing planted':<26} {'red, so the rest proves nothing' if calm.returncode else 'no violation'}",
        flush=True,
    )
    wrong = int(calm.returncode != 0)
    for mutant in chosen:
        words, fine = verdict(mutant, asked.seed)
        wrong += not fine
        print(f"{mutant.name:<26} {words}", flush=True)
    print(f"{len(chosen)} mutants, {wrong} not as they should be")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
