"""Kill tests of sending letters: see `docs/faults.md`.

A relay of every kind of recipient keeps what it accepted; the sender is killed at points drawn from the seed, each time
another one goes on, first over one connection and then over several at once. The relay and the store judge. Exit codes:
0 every invariant holds, 1 one was violated.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

from deploy.runner.engines import roll_back_abandoned
from services.notifications.letters.model import Letter
from services.notifications.sending.model import Handover
from services.notifications.service import SERVICE
from shared.contracts.events.notifications import LetterSent
from shared.kernel import ids
from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM
from shared.kernel.service import ROOT
from shared.process.collections import collections_of
from shared.storage import connection, migrations
from tests.support import factories
from tests.support.engines import Engines, environment
from tests.support.factories import ALPHA
from tests.support.fake_smtp import FakeSmtp
from tests.support.mail_relay import started
from tests.support.records import events_said

SHORT, LONG = (500, 20), (5_000, 200)  # letters, kills
# how often of a hundred a recipient is of a kind; all others take what they get
KINDS = {"grey": 8, "gone": 4, "drop": 2, "slow": 1, "auto": 5}
POINTS = ("after_claim", "before_handover", "after_handover", "after_data", "after_result")
TOLD = ("after_handover", "after_data")  # from here on the letter may have gone out
DEADLINE = 900.0
ROLL_BACK_SECONDS = 5.0
STALL, TIMEOUT = 8.0, 4.0
SETTLED = {"sent", "bounced", "ambiguous"}


@dataclass
class Run:
    """One run over so many connections: what was done to it, and what was found to be wrong."""

    connections: int
    letters: dict[UUID, str] = field(default_factory=dict)  # the kind of recipient of each
    kills: Counter[str] = field(default_factory=Counter)
    interrupted: set[UUID] = field(default_factory=set)  # handed over, and not settled when the sender was killed
    states: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.resilience.letters", description=__doc__)
    parser.add_argument("--seed", type=int, default=random.randrange(10_000), help="default: drawn, and printed")
    parser.add_argument(
        "--long", action="store_true", help=f"{LONG[0]} letters and {LONG[1]} kills in place of {SHORT}"
    )
    parser.add_argument("--letters", type=int, help="how many")
    parser.add_argument("--kills", type=int, help="how many")
    parser.add_argument("--connections", type=int, nargs="+", default=[1, 4], help="over how many, one run each")
    asked, _ = parser.parse_known_args()
    letters, kills = LONG if asked.long else SHORT
    letters, kills = asked.letters or letters, asked.kills if asked.kills is not None else kills
    luck = random.Random(asked.seed)
    print(f"seed {asked.seed}, {letters} letters, {kills} kills", file=sys.stderr, flush=True)
    runs = [
        carry_out(Run(connections), letters // len(asked.connections), kills // len(asked.connections), luck)
        for connections in asked.connections
    ]
    print(table(runs))
    for run in runs:
        for words in run.wrong:
            print(f"{run.connections} connections: {words}", file=sys.stderr)
    return 1 if any(run.wrong for run in runs) else 0


def carry_out(run: Run, letters: int, kills: int, luck: random.Random) -> Run:
    began, engines, relay = time.monotonic(), Engines(), FakeSmtp(stall_seconds=STALL)
    engines.start(broker=False)
    controller = started(relay)
    chosen = {
        "SCORE_MONGO_URL": engines.store_url, "SCORE_DATABASE_PREFIX": "letters", "SCORE_DATA": str(engines.folder),
        "SCORE_SMTP": f"127.0.0.1:{controller.port}", "SCORE_SMTP_TIMEOUT_SECONDS": str(TIMEOUT),
        "SCORE_MAIL_CONNECTIONS": str(run.connections), "SCORE_MAIL_REST_SECONDS": "0", "SCORE_QUIET_HOURS": "",
        "SCORE_MAIL_RETRY_FIRST_SECONDS": "0.2", "SCORE_MAIL_RETRY_MAX_SECONDS": "0.2", "SCORE_SENDING_SECONDS": "0.05",
    }  # fmt: skip
    try:
        with environment(**chosen), acting_as(SYSTEM):
            connection.connect(SERVICE.name)
            migrations.migrate(SERVICE, collections_of(SERVICE))
            for number in range(letters):
                write_letter(run, number, luck)
            kill_senders(run, kills, luck, engines.folder)
            judge(run, relay)
            connection.disconnect()
    finally:
        relay.ending = True
        controller.stop()
        engines.stop()
    run.seconds = time.monotonic() - began
    return run


def write_letter(run: Run, number: int, luck: random.Random) -> None:
    kind = luck.choices(["quick", *KINDS], [100 - sum(KINDS.values()), *KINDS.values()])[0]
    recipient = ids.new()
    factories.party(recipient, email=f"{kind}{number}@{kind}.example.org")
    run.letters[factories.letter(ALPHA, recipient=recipient).id] = kind


def kill_senders(run: Run, kills: int, luck: random.Random, folder: Path) -> None:
    """Let one sender after the other die at a point drawn, then one finish what is left."""
    until = time.monotonic() + DEADLINE
    for number in range(kills):
        point = luck.choice(POINTS)
        nth = luck.randint(1, max(1, len(run.letters) // kills))
        if lived_until(f"mail.{point}:{nth}:kill", folder, number, until):
            break
        roll_back_abandoned(os.environ["SCORE_MONGO_URL"], ROLL_BACK_SECONDS)  # as `score up` does after a death
        run.kills[point] += 1
        claims = [row.id for row in Handover.objects if not row.taken_back]
        held = {row.id for row in Letter.objects(state="sending") if row.claim_id in claims}
        run.interrupted |= held
        if run.connections == 1 and len(held) != (point in TOLD):
            run.wrong.append(f"killed at {point} it held {len(held)} letters that may have gone out")
        if len(held) > run.connections:
            run.wrong.append(f"killed at {point} it held more letters that may have gone out than it has connections")
    lived_until("", folder, kills, until)


def lived_until(failpoint: str, folder: Path, number: int, until: float) -> bool:
    """Run a sender until it dies (False) or has settled everything (True)."""
    connection.database()["leases"].delete_many({})  # as when the lease of the one before has run out
    with (folder / f"sender-{number}.log").open("wb") as log:
        sender = subprocess.Popen(
            [sys.executable, "-m", "tests.resilience.letters.sender"], cwd=ROOT, stdout=log, stderr=log,
            env={**os.environ, "SCORE_FAILPOINT": failpoint},
        )  # fmt: skip
        try:
            while sender.poll() is None:
                if (
                    connection.database()["letters"].find_one({"state": {"$in": ["queued", "sending"]}}, {"_id": 1})
                    is None
                ):
                    return True
                if time.monotonic() > until:
                    raise TimeoutError((folder / f"sender-{number}.log").read_text(encoding="utf-8")[-3_000:])
                time.sleep(0.05)
            if sender.returncode >= 0:
                raise RuntimeError((folder / f"sender-{number}.log").read_text(encoding="utf-8")[-3_000:])
            return False
        finally:
            sender.kill()
            sender.wait()


def judge(run: Run, relay: FakeSmtp) -> None:
    """Compare what the relay accepted with what the store says."""
    states = {letter.id: letter.state for letter in Letter.objects}
    run.states.update(states.values())
    accepted = {UUID(name.strip("<>").partition("@")[0]): times for name, times in relay.accepted.items()}
    dropped = {UUID(name.strip("<>").partition("@")[0]) for name in relay.dropped}
    of = {state: {letter for letter, found in states.items() if found == state} for state in SETTLED}
    said = Counter(event.letter_id for event in events_said(LetterSent))
    claims = {
        "a letter was accepted twice": {letter for letter, times in accepted.items() if times > 1},
        "a letter is in no state in which it may stay": states.keys() - set().union(*of.values()),
        "a letter is lost": run.letters.keys() - states.keys(),
        "ambiguous, and neither dropped nor interrupted": of["ambiguous"] - dropped - run.interrupted,
        "dropped or interrupted, and not ambiguous": (dropped | run.interrupted) - of["ambiguous"],
        "sent, and not accepted": of["sent"] - accepted.keys(),
        "accepted, and neither sent nor ambiguous": accepted.keys() - of["sent"] - of["ambiguous"],
        "said to be sent not once": {letter for letter in states if said[letter] != (letter in of["sent"])},
        "refused, and not bounced": {letter for letter, kind in run.letters.items() if kind == "gone"} ^ of["bounced"],
    }  # fmt: skip
    run.wrong += [f"{words}: {len(letters)}" for words, letters in claims.items() if letters]
    told = sum(run.kills[point] for point in TOLD)
    if run.connections == 1 and len(of["ambiguous"]) != len(dropped) + told:
        run.wrong.append(
            f"{len(of['ambiguous'])} ambiguous, {len(dropped)} dropped, {told} killed after the text was begun"
        )


def table(runs: list[Run]) -> str:
    head = ["connections", "letters", *POINTS, *sorted(SETTLED), "seconds", "result"]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for run in runs:
        cells: list[object] = [run.connections, len(run.letters), *(run.kills[point] for point in POINTS)]
        cells += [*(run.states[state] for state in sorted(SETTLED)), f"{run.seconds:.0f}"]
        lines.append("| " + " | ".join(map(str, [*cells, "VIOLATED" if run.wrong else "holds"])) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
