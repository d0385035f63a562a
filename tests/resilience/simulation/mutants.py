"""Planted bugs: `python -m tests.resilience.simulation.mutants` patches the production files one at a time and demands a violation.

A mutant that stays green must be named as absorbed by another guard, with which one; anything else is a hole in the
simulation. Files are copied to a temporary folder, patched there and run from there.
"""

# ruff: noqa: E501 - a patch is as long as the line it replaces

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PAGE = """# Bugs planted in the simulation
<!-- Written by `python -m tests.resilience.simulation.mutants --page docs/simulation.md`. Do not edit. -->

The simulation (`make simulate`) runs the production relay, delivery and parking over ports in memory that crash, forget and
repeat, one history per seed. Each line is a patch of one of those files: caught by the first violation that is named, or
harmless because another guard absorbs it.

| bug | in | became | first violation, or the guard |
|---|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class Mutant:
    """`absorbed_by` names the guard that makes the bug harmless; empty: it must be caught."""

    name: str
    file: str
    old: str
    new: str
    absorbed_by: str = ""


RELAY = "shared/messaging/outbox/relay.py"
DECODING, APPLYING, DELIVERY, PARKING = (
    f"shared/messaging/inbox/{name}.py" for name in ("decoding", "applying", "delivery", "parking")
)
DIVERGING = "shared/messaging/inbox/diverging.py"
BOOKMARKS, CURSORS = "shared/messaging/bookmarks.py", "shared/messaging/cursors.py"

MUTANTS = (
    Mutant("mark before publish", RELAY, "        sent = acknowledged_prefix(self._log.publish(stamped))\n",
           "        early = [Acknowledged(row, 0, 0) for row in stamped]\n"
           "        self._outbox.mark(early, {})\n"
           "        sent = acknowledged_prefix(self._log.publish(stamped))\n"),
    Mutant("mark what was not acknowledged", RELAY, "            broken.add(result.record.key)\n",
           "            sent.append(Acknowledged(result.record, 0, 0))\n"),
    Mutant("mark past a key's failure", RELAY, "        elif result.record.key not in broken:\n", "        else:\n",
           absorbed_by="the cursor's gap and the failed row, which stays pending"),
    Mutant("send a key's highest sequence first", RELAY, "row.sequence, reverse=True)", "row.sequence)",
           absorbed_by="the cursor: what comes too early is parked until its turn"),
    Mutant("never guard the topic", RELAY,
           "self._guard(now) if self._suspect or clock_went_back or now >= self._guard_at else 0", "0"),
    Mutant("guard only at the start", RELAY, "if self._suspect or clock_went_back or now >= self._guard_at else 0",
           "if self._guard_at == BEGINNING else 0"),
    Mutant("a lost tail is retention", RELAY, "        if log_bounds is None or checkpoint.offset >= log_bounds.end:\n            return False\n",
           "        if log_bounds is None or checkpoint.offset >= log_bounds.end:\n            return True\n"),
    Mutant("another event at the checkpoint is fine", RELAY, "        return event_id == checkpoint.event_id\n", "        return True\n"),
    Mutant("send again only what follows the newest checkpoint", RELAY,
           "        return min(oldest) - self._policy.margin\n", "        return max(known[-1].at for known in self._checkpoints.values())\n"),
    Mutant("a checkpoint that is dropped leaves no word", RELAY, "oldest=min(kept[0].oldest, checkpoint.oldest)", "oldest=kept[0].oldest",
           absorbed_by="the margin, unless a row waited longer than that to be sent"),
    Mutant("never look behind the overlap", RELAY, "if self._low >= now >= self._look_back_at:", "if False:",
           absorbed_by="the periodic guard, which starts reading at the oldest pending row"),
    Mutant("a resend keeps the epoch", "tests/support/memory_ports.py", "        self._epoch += 1\n", ""),
    Mutant("no cursor check", APPLYING, "        if envelope.sequence <= cursor.sequence:\n", "        if False:\n"),
    Mutant("a gap is applied", APPLYING, "        if envelope.sequence > cursor.sequence + 1 or (cursor.is_doubted(envelope.sequence) and not is_owners):\n            return self._queue",
           "        if False:\n            return self._queue"),
    Mutant("a gap is dropped", APPLYING, "            return self._queue(decoded, cursor, is_owners=is_owners)\n", '            return "parked"\n'),
    Mutant("a gap counts as read", APPLYING, "            return self._queue(decoded, cursor, is_owners=is_owners)\n",
           '            cursor.advance(envelope)\n            return "parked"\n'),
    Mutant("skip on error", DELIVERY, "        self.inbox.transaction(lambda: self.applier.park(decoded, error))\n",
           "        if isinstance(error, WaitFor):\n            self.inbox.transaction(lambda: self.applier.park(decoded, error))\n"),
    Mutant("skip on error and move on", APPLYING, "        if event is None:\n",
           '        if envelope.key.int % 3 == 0:\n            return "applied"\n        if event is None:\n'),
    Mutant("waiting counts as done", APPLYING, "        self._context.within(envelope, lambda: self._group.react(event, envelope))\n",
           "        from shared.messaging.errors import WaitFor\n"
           "        try:\n"
           "            self._context.within(envelope, lambda: self._group.react(event, envelope))\n"
           "        except WaitFor:\n"
           "            pass\n"),
    Mutant("the cursor is not saved", APPLYING,
           "        self._inbox.save([cursor for pair, cursor in cursors.items() if cursor != before[pair]])\n", ""),
    Mutant("the queue is not called", APPLYING, "        if cursor.parked:\n            queued", "        if False:\n            queued"),
    Mutant("a parked record is applied when it comes again", APPLYING,
           "        if cursor.parked and (held := self._inbox.parked_at(cursor.topic, cursor.key, envelope.sequence)):\n",
           "        held = None\n        if held:\n"),
    Mutant("another event at a place is a duplicate", APPLYING, "        if is_applied(decoded, cursor):\n", "        if True:\n"),
    Mutant("another event at a parked place is a copy", DIVERGING, "        decoded.record.value == parked.record.value\n    )\n",
           "        decoded.record.value == parked.record.value\n    ) or True\n"),
    Mutant("the owner's word is not taken", DIVERGING, "        return cursor.doubt in requests_answered(record.topic, record.key, record.value, record.headers)\n", "        return False\n"),
    Mutant("what displaces is not remembered", APPLYING, "        cursor.replace_at(decoded.envelope)\n", ""),
    Mutant("a key in doubt goes on", CURSORS, "        return self.doubt is not None and sequence >= self.doubted\n", "        return False\n",
           absorbed_by="nothing: of keys with a forged event the order is not judged here (`tests/platform/messaging/inbox/test_forged.py`)"),
    Mutant("only the newest places are compared", CURSORS, "        return self.older[end - PRINT : end] if end >= PRINT else None\n", "        return None\n",
           absorbed_by="nothing: no key of the simulation has so long a history (`tests/platform/messaging/inbox/test_forged.py`)"),
    Mutant("an unreadable record is dropped", APPLYING, "                self._park_failed(outcome, outcome.error, cursors)\n", ""),
    Mutant("an unreadable record ends its batch", APPLYING, "                self._park_failed(outcome, outcome.error, cursors)\n",
           "                self._park_failed(outcome, outcome.error, cursors)\n                break\n"),
    Mutant("an unreadable record is parked behind its batch", DELIVERY,
           "            if isinstance(outcome, Unreadable):\n                self._observer",
           "            if isinstance(outcome, Unreadable):\n"
           "                self.inbox.transaction(lambda: self.applier.park(outcome, outcome.error))\n                self._observer",
           absorbed_by="the offset, which is committed behind both"),
    Mutant("an unreadable event is passed", APPLYING, "        if isinstance(decoded, UnreadableEvent):\n            return decoded\n",
           "        if isinstance(decoded, UnreadableEvent):\n            self._move_on(envelope, cursor)\n            return decoded\n"),
    Mutant("an unreadable event is not counted", APPLYING, "            if not self._park(parked, cursor) and parked.is_owners:\n",
           "            if not self._inbox.park(parked) and parked.is_owners:\n"),
    Mutant("a newer version is ignored", DECODING, "    if group.is_unknown_version(envelope.type):\n", "    if False:\n"),
    Mutant("a broken event is ignored", DECODING,
           "    return _content_of(record, envelope, lambda: DecodedEvent(record, envelope, envelope.event()))\n",
           "    content = _content_of(record, envelope, lambda: DecodedEvent(record, envelope, envelope.event()))\n"
           "    return content if isinstance(content, DecodedEvent) else DecodedEvent(record, envelope, None)\n"),
    Mutant("garbage is taken for a duplicate", APPLYING, " if isinstance(decoded, DecodedEntry) else decoded\n",
           ' if isinstance(decoded, DecodedEntry) else "duplicate"\n'),
    Mutant("retry out of turn", APPLYING, "        if envelope.sequence > cursor.sequence + 1 or (cursor.is_doubted(envelope.sequence) and not is_owners):\n            return False\n",
           "        if False:\n            return False\n",
           absorbed_by="the gap that it leaves, which is asked for again"),
    Mutant("what is given up still blocks its key", APPLYING, "            cursor.advance(envelope_of(parked.record))\n", ""),
    Mutant("a waiting record is given up", PARKING, "        except WaitFor as missing:\n            policy",
           "        except WaitFor as missing:\n"
           '            self._inbox.transaction(lambda: self._delivery.applier.skip_parked(parked, "late"))\n'
           "            return True\n"
           "            policy"),
    Mutant("a position beyond the log's end is fine", BOOKMARKS, "        return True\n    if found is None",
           "        return False\n    if found is None",
           absorbed_by="the broker's out-of-range answer, which begins at the earliest record"),
    Mutant("the event before the bookmark is not compared", BOOKMARKS,
           "    return _id_of(found) != bookmark.event_id or epoch_of(found) > bookmark.epoch\n", "    return False\n",
           absorbed_by="the epoch on the next record, unless the log ends exactly at the bookmark"),
    Mutant("an epoch needs no seal", BOOKMARKS, "    return epoch if epoch and is_seal_of_epoch(seal, record.topic, epoch) else 0\n",
           "    return epoch\n"),
    Mutant("a new epoch is not noticed", BOOKMARKS, "UNKNOWN < before.epoch < epoch and before.offset > 0", "False"),
)  # fmt: skip


def verdict(mutant: Mutant, seeds: int) -> tuple[str, str, bool]:
    """What became of a mutant, why, and whether that is as it should be."""
    with tempfile.TemporaryDirectory(prefix="score-mutant-") as folder:
        shutil.copytree(
            ROOT / "shared", Path(folder) / "shared", ignore=shutil.ignore_patterns("__pycache__", "static")
        )
        # a copy: the ports in memory stand in the tests, and one mutant patches them
        shutil.copytree(ROOT / "tests", Path(folder) / "tests", ignore=shutil.ignore_patterns("__pycache__", "vendor"))
        path = Path(folder) / mutant.file
        source = path.read_text()
        if source.count(mutant.old) != 1:
            return "does not apply", f"{source.count(mutant.old)} places", False
        path.write_text(source.replace(mutant.old, mutant.new))
        command = [sys.executable, "-m", "tests.resilience.simulation", "--seeds", str(seeds), "--processes", "1"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=600)
    if done.returncode == 0:
        return "harmless" if mutant.absorbed_by else "NOT CAUGHT", mutant.absorbed_by, bool(mutant.absorbed_by)
    last = (done.stdout.strip() or done.stderr.strip()).splitlines()[-1]
    is_violation = last.startswith("seed ")
    return "caught" if is_violation else "could not be run", last[:100], is_violation


def page(rows: Sequence[tuple[Mutant, str, str]]) -> str:
    lines = [f"| {mutant.name} | `{mutant.file}` | {became} | {why} |" for mutant, became, why in rows]
    return PAGE + "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=1000)
    parser.add_argument("--only", default="")
    parser.add_argument(
        "--page", type=Path, metavar="FILE", help="write the table when every mutant is as it should be"
    )
    asked = parser.parse_args()
    chosen = [mutant for mutant in MUTANTS if asked.only in mutant.name]
    with ThreadPoolExecutor(max_workers=2) as pool:
        verdicts = list(pool.map(lambda mutant: verdict(mutant, asked.seeds), chosen))
    for mutant, (became, why, _) in zip(chosen, verdicts, strict=True):
        print(f"{mutant.name:<52} {became}: {why}", flush=True)
    wrong = sum(not fine for _, _, fine in verdicts)
    print(f"{len(chosen)} mutants, {wrong} not as they should be")
    if asked.page and not wrong:
        rows = [(mutant, became, why) for mutant, (became, why, _) in zip(chosen, verdicts, strict=True)]
        asked.page.write_text(page(rows), encoding="utf-8")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
