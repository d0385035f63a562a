"""Named points at which a process fails on purpose, for the fault runs; refused in production.

`SCORE_FAILPOINT` holds comma separated `name[@about]:when:action`, where `when` is the number of the hit that fails, or
`3+` for that one and all that follow, and `about` lets only hits count whose subject (a key, a type) contains it. Actions:
`kill` (SIGKILL), `stop` (SIGSTOP), `sleep=SECONDS`, `raise`. Without the setting a point costs one comparison.
"""

from __future__ import annotations

import os
import re
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from itertools import count

from shared.kernel.settings.current import settings
from shared.kernel.settings.declaration import Misconfigured

NAMES = frozenset({
    "api.after_parse", "api.before_txn", "api.before_commit", "api.after_commit", "api.before_response",
    "outbox.after_insert",
    "relay.after_lease", "relay.after_read", "relay.before_publish", "relay.after_publish", "relay.before_mark",
    "relay.in_mark", "relay.after_mark",
    "cons.after_poll", "cons.in_txn", "cons.mid_batch", "cons.after_txn", "cons.before_offset",
    "cons.after_offset", "cons.on_revoke", "cons.in_drain",
    "mail.after_claim", "mail.before_handover", "mail.after_handover", "mail.after_data", "mail.after_result",
    "rebuild.mid_fold", "rebuild.before_swap",
})  # fmt: skip
_GRAMMAR = re.compile(r"([a-z_.]+)(?:@([^:]+))?:(\d+)(\+?):(kill|stop|raise|sleep=[\d.]+)")


class Injected(RuntimeError):
    """Raised by a failpoint whose action is `raise`."""


@dataclass(slots=True)
class Failpoint:
    name: str
    about: str
    nth: int
    onwards: bool
    action: str
    hits: count[int] = field(default_factory=lambda: count(1))  # safe from several threads

    def counts(self, name: str, about: str) -> bool:
        """Return whether this hit is one that fails."""
        if name != self.name or self.about not in about:
            return False
        hit = next(self.hits)
        return hit == self.nth or (self.onwards and hit > self.nth)


def hit(name: str, about: str | Callable[[], str] = "") -> None:
    """Fail here if the setting says so; `about` says what is being worked on, and may be asked for only when needed."""
    if not settings().failpoint:
        return
    subject = about if isinstance(about, str) else about()
    for point in armed():
        if point.counts(name, subject):
            _fail(point)


@cache
def armed() -> tuple[Failpoint, ...]:
    """Read what the setting names; raises `Misconfigured` for what is no failpoint."""
    return tuple(parse(text) for text in settings().failpoint.split(",") if text)


def parse(text: str) -> Failpoint:
    match = _GRAMMAR.fullmatch(text.strip())
    if match is None or match[1] not in NAMES:
        raise Misconfigured(f"SCORE_FAILPOINT: {text!r} is not name[@about]:n[+]:kill|stop|raise|sleep=SECONDS")
    return Failpoint(match[1], match[2] or "", int(match[3]), bool(match[4]), match[5])


def _fail(point: Failpoint) -> None:
    if point.action == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif point.action == "stop":
        os.kill(os.getpid(), signal.SIGSTOP)
    elif point.action == "raise":
        raise Injected(f"failpoint {point.name}")
    else:
        time.sleep(float(point.action.removeprefix("sleep=")))
