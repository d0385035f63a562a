"""Deals due letters to a few connections, so that a slow domain, or one connection that stalls, holds up nobody else.

A round takes what is due and ends when it is done or its time is over. Letters are claimed some at a time, into a pool from
which every connection takes its next; what is left there is given back. A connection that stalls is not waited for: its thread
goes on into the next rounds, which have one connection less meanwhile. Letters to one domain use some of the connections only,
and a domain on which one broke rests; so does the relay when it is away.
"""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence
from contextvars import copy_context
from dataclasses import dataclass
from threading import Lock, Thread
from typing import Any, Final
from uuid import UUID

from jinja2 import TemplateError
from pymongo.errors import PyMongoError

from services.notifications.copies.model import Content
from services.notifications.letters.mail import Mail, UnsafeHeader, compose
from services.notifications.letters.model import Letter
from services.notifications.sending.commands import Claimed, Settled, recover
from services.notifications.sending.ledger import Ledger, NotStored
from services.notifications.sending.rules import Outcome
from services.notifications.sending.smtp import Connection
from services.notifications.settings import notification_settings
from shared.i18n.module_titles import titles_read_once
from shared.kernel import clock, failpoints, ids
from shared.kernel.clock import BEGINNING
from shared.messaging import parties
from shared.observability import logs
from shared.storage import connection

log = logs.get(__name__)
PAGE: Final = 200
AT_A_TIME: Final = 32  # letters that are claimed in one transaction
NOBODY: Final = ""  # the domain of letters whose address is gone: claiming them says so
LAST_WORDS: Final = 2.0  # seconds beyond a round's time for what is in the middle of being told


@dataclass(frozen=True, slots=True)
class Due:
    letter_id: UUID
    domain: str


@dataclass(frozen=True, slots=True)
class Job:
    """A claimed letter that a connection takes."""

    claimed: Claimed
    domain: str


class Dispatch:
    """The senders of one process. Only one of its rounds runs at a time."""

    def __init__(self) -> None:
        self._lock, self._claiming = Lock(), Lock()
        self._ledger = Ledger()
        self._ledger.tell(self._no_longer_at_work)
        self._at_work: set[UUID] = set()
        self._busy: Counter[str] = Counter()
        self._resting: dict[tuple[str, str], float] = {}  # until when nothing goes to a domain, or to the whole relay
        self._threads: list[Thread] = []
        self._pages: Iterator[Sequence[Due]] = iter(())
        self._queues: dict[str, deque[UUID]] = {}
        self._pool: dict[str, deque[Claimed]] = {}
        self._until = 0.0

    def round(self, seconds: float) -> None:
        """Send what is due, for about so long."""
        self._ledger.flush()
        recover(self._claims_at_work())
        self._until = time.monotonic() + seconds
        if self._rests(NOBODY):
            return
        with self._lock:
            self._queues, self._pages = {}, _due_letters()
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        free = notification_settings().connections - len(self._threads)
        first = self._next() if free > 0 else None
        if first is None:
            return
        with titles_read_once():
            contexts = [copy_context() for _ in range(free)]
        starting = [
            Thread(target=context.run, args=(self._send_letters, first if number == 0 else None), daemon=True)
            for number, context in enumerate(contexts)
        ]
        for thread in starting:
            thread.start()
        self._threads += starting
        for thread in starting:
            thread.join(max(0.0, self._until + LAST_WORDS - time.monotonic()))
        self._give_back()
        self._ledger.flush()

    def _send_letters(self, first: Job | None) -> None:
        relay, job = Connection(), first
        try:
            job = job or self._next()
            while job is not None:
                try:
                    if self._send(relay, job.claimed):
                        self._rest(job.domain)  # before its place is free again
                finally:
                    with self._lock:
                        self._busy[job.domain] -= 1
                        self._at_work.discard(job.claimed.claim_id)
                job = self._next()
        except (NotStored, PyMongoError) as error:  # the next round finds out how far its letter had come
            log.warning("a step of sending was not stored", error=type(error).__name__)
        finally:
            relay.close()

    def _send(self, relay: Connection, claimed: Claimed) -> bool:
        """Send one letter; return whether the connection broke over it."""
        failpoints.hit("mail.after_claim", str(claimed.letter.id))
        mail, content, moment = _composed(claimed), None, None

        def hand_over() -> bool:
            nonlocal moment
            moment = clock.now() if self._ledger.hand_over(claimed) else None
            return moment is not None

        if isinstance(mail, Outcome):
            outcome = mail
        elif (away := relay.open()) is not None:
            self._rest(NOBODY)
            outcome = away
        else:
            outcome = relay.deliver(mail, hand_over)
            content = Content(mail.headers, mail.text, mail.html)
        self._ledger.settle(Settled(claimed.letter.id, claimed.claim_id, outcome, content, moment))
        return outcome.broken

    def _next(self) -> Job | None:
        """Take a letter to a domain that has a connection to spare, the one that is due the longest first."""
        job = self._taken()
        while job is None:
            with self._claiming:
                job = self._taken()  # another may have filled the pool meanwhile
                if job is None and not self._claim_some():
                    return None
            job = job or self._taken()
        return job

    def _taken(self) -> Job | None:
        with self._lock:
            if self._is_over():
                return None
            for domain, letters in self._pool.items():
                if letters and self._has_room(domain):
                    self._busy[domain] += 1
                    return Job(letters.popleft(), domain)
        return None

    def _claim_some(self) -> bool:
        """Claim letters that are due into the pool; return whether there were any to be tried."""
        with self._lock:
            chosen = [] if self._is_over() else self._chosen()
            claims = {due.letter_id: ids.new() for due in chosen}
            self._at_work.update(claims.values())
        if not chosen:
            return False
        claimed: Mapping[UUID, Claimed] = {}
        try:
            claimed = self._ledger.claim(claims)
        finally:
            with self._lock:
                for due in chosen:
                    if due.letter_id in claimed:
                        self._pool.setdefault(due.domain, deque()).append(claimed[due.letter_id])
                    else:
                        self._at_work.discard(claims[due.letter_id])
        return True

    def _chosen(self) -> list[Due]:
        chosen: list[Due] = []
        while len(chosen) < AT_A_TIME:
            for domain, letters in self._queues.items():
                while letters and len(chosen) < AT_A_TIME and self._has_room(domain):
                    chosen.append(Due(letters.popleft(), domain))
            page = next(self._pages, None) if len(chosen) < AT_A_TIME else None
            if page is None:
                break
            for due in page:
                self._queues.setdefault(due.domain, deque()).append(due.letter_id)
        return chosen

    def _give_back(self) -> None:
        """Give back what was claimed and not begun."""
        with self._lock:
            left = [claimed for letters in self._pool.values() for claimed in letters]
            self._pool = {}
        withdrawn = Outcome("withdrawn")
        self._ledger.settle(*(Settled(claimed.letter.id, claimed.claim_id, withdrawn) for claimed in left))

    def _is_over(self) -> bool:
        return time.monotonic() > self._until or self._rests(NOBODY)

    def _has_room(self, domain: str) -> bool:
        return self._busy[domain] < notification_settings().connections_per_domain and not self._rests(domain)

    def _rest(self, domain: str) -> None:
        until = time.monotonic() + notification_settings().rest_seconds
        self._resting[notification_settings().smtp, domain] = until

    def _rests(self, domain: str) -> bool:
        return self._resting.get((notification_settings().smtp, domain), 0.0) > time.monotonic()

    def _claims_at_work(self) -> frozenset[UUID]:
        with self._lock:
            return frozenset(self._at_work)

    def _no_longer_at_work(self, claim_id: UUID) -> None:
        with self._lock:
            self._at_work.discard(claim_id)


def _composed(claimed: Claimed) -> Mail | Outcome:
    try:
        return compose(claimed.letter, claimed.contact)
    except (UnsafeHeader, TemplateError) as error:  # this letter needs a person; the others go on
        log.error("letter not composed", letter=str(claimed.letter.id), error=type(error).__name__)
        return Outcome("failed", type(error).__name__)


def _due_letters() -> Iterator[Sequence[Due]]:
    """Yield the due letters, the oldest first, with the domain that each goes to."""
    due = {"state": "queued", "next_try_at": {"$gte": BEGINNING, "$lte": clock.now()}}
    found = connection.database()[Letter._meta["collection"]].find(due, {"recipient_id": 1, "next_try_at": 1})  # noqa: SLF001
    rows = sorted(found, key=lambda row: row["next_try_at"])
    for start in range(0, len(rows), PAGE):
        yield _with_domains(rows[start : start + PAGE])


def _with_domains(rows: Sequence[dict[str, Any]]) -> list[Due]:
    known = parties.find_addressees(row["recipient_id"] for row in rows).known
    emails = {recipient: contact["email"] or "" for recipient, contact in known.items()}
    return [
        Due(row["_id"], emails.get(row["recipient_id"], "").rpartition("@")[2].casefold() or NOBODY) for row in rows
    ]
