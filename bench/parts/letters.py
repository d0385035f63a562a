"""Letters to the embedded mailbox, beside bare loops over `smtplib` with one connection: one that stores nothing, and one
that stores two rows for each mail, which is the least by which anybody knows after a crash what may have gone out.

Ours reads what is due, looks up each address and what its recipient chose, stores claim, handing over and result of each letter
with its event and a sealed copy, renders two templates and parses the finished mail again. The bare loop makes a mail of about
the same size and sends it. Both speak to the same sink, which keeps every mail as a file.
"""

from __future__ import annotations

import itertools
import sys
import time

from bench import ground
from bench.baselines import bare_smtplib
from bench.figures import Finding, at_least, in_turn, ratios
from services.notifications.letters.model import Letter
from services.notifications.sending.dispatch import Dispatch
from services.notifications.service import SERVICE
from services.notifications.settings import notification_settings
from shared.kernel import ids
from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM
from shared.process.collections import collections_of
from shared.storage import connection, migrations
from tests.support import factories
from tests.support.engines import environment
from tests.support.factories import ALPHA

LETTERS = 400
ROUND_SECONDS = 60.0
FLOOR = 0.7
STORED = "bare_mails"


def measure() -> list[Finding]:
    numbers = itertools.count()
    with ground.engines(broker=False) as running:
        smtp, page = ground.free_port(), ground.free_port()
        sink = (sys.executable, "-m", "deploy.mailbox.sink", "--smtp-port", str(smtp), "--http-port", str(page))
        log = running.folder / "sink.log"
        chosen = {"SCORE_SMTP": f"127.0.0.1:{smtp}", "SCORE_QUIET_HOURS": "", "SCORE_DATA": str(running.folder)}
        with (
            ground.process((*sink, "--dir", str(running.folder / "mail")), {}, log) as process,
            environment(**chosen), acting_as(SYSTEM),
        ):  # fmt: skip
            ground.await_port(smtp, process, log)
            notification_settings.cache_clear()
            connection.connect(SERVICE.name)
            migrations.migrate(SERVICE, collections_of(SERVICE))
            connection.database().create_collection(STORED)
            bare, stored, ours = in_turn(
                lambda: _bare(smtp, numbers), lambda: _stored(smtp, numbers), lambda: _ours(numbers)
            )
            connection.disconnect()
    beside = ratios(ours, stored)
    return [
        at_least("letters, beside a bare smtplib loop", ours, bare, "/s", FLOOR),
        Finding(
            "letters, beside one that stores two rows a mail",
            ours.words("/s"),
            stored.words("/s"),
            beside.words("x", 2),
        ),
    ]


def _bare(port: int, numbers: itertools.count[int]) -> float:
    began = time.perf_counter()
    bare_smtplib.send(port, (f"ratna{next(numbers)}@example.org" for _ in range(LETTERS)))
    return LETTERS / (time.perf_counter() - began)


def _stored(port: int, numbers: itertools.count[int]) -> float:
    rows, began = connection.database()[STORED], time.perf_counter()
    bare_smtplib.send_and_store(port, (f"ratna{next(numbers)}@example.org" for _ in range(LETTERS)), rows)
    return LETTERS / (time.perf_counter() - began)


def _ours(numbers: itertools.count[int]) -> float:
    for _ in range(LETTERS):
        recipient = ids.new()
        factories.party(recipient, email=f"ratna{next(numbers)}@domain{recipient.int % 50}.example.org")
        factories.letter(ALPHA, recipient=recipient)
    sender = Dispatch()
    began = time.perf_counter()
    sender.round(ROUND_SECONDS)
    took = time.perf_counter() - began
    left = Letter.objects(state__ne="sent").count()
    if left:
        raise RuntimeError(f"{left} letters were not sent: {_states()}")
    return LETTERS / took


def _states() -> set[str]:
    return {letter.state for letter in Letter.objects}
