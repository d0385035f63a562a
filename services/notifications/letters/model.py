"""A letter: what is told, to whom, and what became of it.

The id is the natural key (cause, template, recipient): one event can never make a second letter. Where a thing is told once
however often its event comes anew, the thing takes the cause's place in the key. States are a closed list.
Sending is three steps, each stored before the next: the claim, before the mail relay is spoken to; that the letter is now
handed over, before its first byte; the result. A process that dies in between leaves `sending`: a letter that was not handed
over is known not to have gone out and goes back to the others, one that was is `ambiguous`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

import mongoengine as me

from shared.contracts.events.notifications import LetterBounced, LetterSent
from shared.domain.aggregate import Aggregate, StoredDocument
from shared.domain.lifecycle import Lifecycle, allow
from shared.kernel import ids
from shared.kernel.keys import digest
from shared.kernel.principal import Principal
from shared.messaging.parties import PartyRow
from shared.storage.indexes import by_time, index
from shared.storage.row_scope import Scope, rows_for

CHOSEN = "opted-out"  # the reason of a letter that its recipient does not want
NO_ADDRESS = "no-address"  # of one that need not be written, to somebody without an address
UNREACHED = "address-suppressed"  # of one whose address is known not to work
OVERTAKEN = "overtaken"  # of one that no longer holds
PASSED = "occasion-passed"  # of one that tells of what is over
MOST_STEPS = 100  # of the last of them
WAITING = ("waiting_for_contact", "unreachable", "held")


@dataclass(frozen=True, slots=True)
class Retry:
    """The rhythm in which a letter is tried again: after a first pause, which doubles up to the longest, until it is given up."""

    first_seconds: float
    longest_seconds: float
    give_up_after: timedelta

    def pause_after(self, tries: int) -> timedelta:
        return timedelta(seconds=min(self.first_seconds * 2 ** (tries - 1), self.longest_seconds))


class Step(me.EmbeddedDocument):  # type: ignore[misc]
    """A state that a letter came into, and why."""

    state = me.StringField(required=True)
    at = me.DateTimeField(required=True)
    reason = me.StringField()


class Letter(Aggregate):
    meta: ClassVar[dict[str, object]] = {"collection": "letters"}
    INDEXES = (
        *by_time("institution_id"),
        index("state", "next_try_at"),
        index("recipient_id"),
        index("correlation_id"),
        index("address_id", "claimed_at", sparse=True),
    )
    LIFECYCLE = Lifecycle(
        "waiting_for_contact",
        {
            "hold": allow("waiting_for_contact", to="held"),
            "release": allow("held", to="waiting_for_contact"),
            "find_unreachable": allow("waiting_for_contact", to="unreachable"),
            "suppress": allow(*WAITING, "queued", to="suppressed"),
            "forget": allow(*WAITING, "queued", "suppressed", to="suppressed"),
            "queue": allow("waiting_for_contact", "unreachable", "suppressed", to="queued"),
            "lose_address": allow("queued", to="unreachable"),
            "await_contact": allow("queued", to="waiting_for_contact"),
            "claim": allow("queued", to="sending"),
            "give_back": allow("sending", to="queued"),
            "send": allow("sending", "ambiguous", to="sent"),
            "defer": allow("sending", to="queued"),
            "bounce": allow("sending", "sent", "ambiguous", to="bounced"),
            "doubt": allow("sending", to="ambiguous"),
            "fail": allow("sending", to="failed"),
            "resend": allow("ambiguous", "failed", "bounced", to="queued"),
        },
    )

    template = me.StringField(required=True)
    cause_id = me.UUIDField(required=True, binary=True)
    cause_at = me.DateTimeField(required=True)
    recipient_id = me.UUIDField(required=True, binary=True)
    institution_id = me.UUIDField(binary=True)
    language = me.StringField()
    about = me.DictField()
    optional = me.BooleanField(required=True, default=False)
    useful_until = me.DateTimeField()
    correlation_id = me.UUIDField(required=True, binary=True)
    traceparent = me.StringField(required=True)
    tries = me.IntField(required=True, default=0)
    trying_since = me.DateTimeField()
    next_try_at = me.DateTimeField()
    claimed_at = me.DateTimeField()
    claim_id = me.UUIDField(binary=True)
    address_id = me.UUIDField(binary=True)
    handed_over_at = me.DateTimeField()
    sent_at = me.DateTimeField()
    reason = me.StringField()
    steps = me.EmbeddedDocumentListField(Step)
    state = me.StringField(required=True, default="waiting_for_contact")

    @classmethod
    def row_scope(cls, principal: Principal) -> Scope | None:
        return rows_for(principal, provider="institution_id", finance="institution_id")

    @classmethod
    def id_for(cls, cause_id: UUID, template: str, recipient_id: UUID) -> UUID:
        return ids.derived("letter", cause_id, template, recipient_id)

    def is_stale(self, now: datetime, fresh_for: timedelta) -> bool:
        return bool(now - self.cause_at > fresh_for)

    def is_too_late(self, now: datetime) -> bool:
        """Say whether what it tells of is over."""
        return self.useful_until is not None and self.useful_until < now

    @property
    def is_to_come(self) -> bool:
        """Say whether its recipient has yet to hear of it, or would if they could be written to."""
        unwritten = self.state == "suppressed" and self.reason not in (OVERTAKEN, PASSED)
        return unwritten or self.state in (*WAITING, "queued")

    def address(self, contact: PartyRow | None, *, now: datetime, fresh_for: timedelta) -> None:
        """Queue it for a contact that can be written to; else say why it waits. A letter on its way is left alone, and one
        that was left unwritten is written for an address that comes while its news is fresh."""
        if contact is None or self.state not in ("waiting_for_contact", "unreachable", "queued", "suppressed"):
            return
        if self.state == "suppressed" and (self.is_stale(now, fresh_for) or self.reason in (CHOSEN, OVERTAKEN)):
            return
        if not contact.get("email"):
            self.lose_address()
            return
        self.language = contact["language"]
        if self.state != "queued":
            self.transition("queue")
            self._begin(now)

    def lose_address(self) -> None:
        """Note that there is nobody to write to, or no longer. A letter that need not be written is then left unwritten."""
        if self.optional and self.state != "suppressed":
            self.leave_unwritten(NO_ADDRESS)
        elif self.state == "waiting_for_contact":
            self.transition("find_unreachable")
        elif self.state == "queued":
            self.transition("lose_address")
            self.language = self.next_try_at = None

    def overtake(self) -> None:
        """Leave it unwritten for good: it no longer holds."""
        if self.state != "suppressed":
            self.leave_unwritten(OVERTAKEN)
        elif self.reason != "erased":
            self.reason = OVERTAKEN

    def retell(self, about: Mapping[str, Any], useful_until: datetime | None) -> None:
        """Say what holds now, except of the time before, of which its recipient knows what it says already."""
        kept = {name: value for name, value in self.about.items() if name.startswith("previous_")}
        self.about = {**self.about, **about, **kept}
        self.useful_until = useful_until

    def leave_unwritten(self, reason: str) -> None:
        self.transition("suppress")
        self.reason, self.language, self.next_try_at = reason, None, None

    def forget_recipient(self) -> None:
        """Leave it unwritten for good: the recipient was erased. What was handed over or went out stays as a fact."""
        if self.state == "sending" and self.handed_over_at is None:
            self.give_back()
        if self.state in (*WAITING, "queued", "suppressed"):
            self.transition("forget")
            self.reason, self.language, self.next_try_at = "erased", None, None
        self.address_id = None

    def await_contact(self) -> None:
        """Wait for an address again: whose it is has yet to be confirmed."""
        self.transition("await_contact")
        self.language = self.next_try_at = None

    def put_off(self, until: datetime, reason: str) -> None:
        """Let it wait until then: its recipient is asleep, or has been written to enough for now."""
        self.next_try_at, self.reason = until, reason

    def claim(self, now: datetime, *, claim_id: UUID, address_id: UUID) -> None:
        self.transition("claim")
        self.tries += 1
        self.trying_since = self.trying_since or now
        self.claimed_at, self.claim_id, self.address_id, self.reason = now, claim_id, address_id, None

    def is_claimed_by(self, claim_id: UUID) -> bool:
        return bool(self.state == "sending" and self.claim_id == claim_id)

    def give_back(self) -> None:
        """Put it back as if it had not been claimed: the relay was told nothing of its text."""
        self.transition("give_back")
        self.tries -= 1
        self.claim_id = self.claimed_at = None

    def sent(self, now: datetime) -> None:
        self.transition("send")
        self.sent_at = now
        self.next_try_at = self.reason = None
        self.record(
            LetterSent(
                letter_id=self.id, template=self.template, cause_id=self.cause_id, recipient_id=self.recipient_id
            )
        )

    def bounced(self, reason: str) -> None:
        self.transition("bounce")
        self.reason, self.next_try_at = reason, None
        self.record(
            LetterBounced(
                letter_id=self.id, template=self.template, cause_id=self.cause_id, recipient_id=self.recipient_id,
                permanent=True, reason=reason,
            )
        )  # fmt: skip

    def deferred(self, reason: str, *, now: datetime, retry: Retry) -> None:
        """Try again later, for as long as that is allowed: the relay said not now."""
        if now - (self.trying_since or self.created_at) > retry.give_up_after:
            self.failed(reason)
            return
        self.transition("defer")
        self.handed_over_at = self.claim_id = None
        self.reason, self.next_try_at = reason, now + retry.pause_after(self.tries)

    def failed(self, reason: str) -> None:
        self.transition("fail")
        self.reason, self.next_try_at = reason, None

    def mark_ambiguous(self, reason: str) -> None:
        """Mark that nobody knows whether it went out; only a person may send it again."""
        self.transition("doubt")
        self.reason, self.next_try_at = reason, None

    def resend(self, now: datetime, reason: str) -> None:
        """Let it go out again under the same Message-ID, since a person decided so for a reason."""
        self.transition("resend")
        self._begin(now)
        self.reason = reason

    def _number_events(self) -> int:
        """Note the state that is stored now among the steps, where it is another or has another reason."""
        expected = super()._number_events()
        last = self.steps[-1] if self.steps else None
        if last is None or (last.state, last.reason) != (self.state, self.reason):
            kept = self.steps[:1] + self.steps[max(1, len(self.steps) - MOST_STEPS) :]
            self.steps = [*kept, Step(state=self.state, at=self.updated_at, reason=self.reason)]
        return expected

    def _begin(self, now: datetime) -> None:
        """Begin to try: how often and since when is counted anew."""
        self.next_try_at, self.tries = now, 0
        self.reason = self.trying_since = self.claim_id = self.handed_over_at = None


def address_id(email: str) -> UUID:
    """Return the id of an address, from which nobody without the key reads whose it is."""
    return UUID(bytes=digest("address", email.casefold().encode())[:16])


class AskedMailbox(StoredDocument):
    """The trace of a mailbox that was asked about a training: its keyed digest, and for whom.

    Whoever registers people enters their addresses. A mailbox that got the links of several would answer for all of them,
    and know from the published figures what the others said. So the first letter takes the mailbox, whatever becomes of it.
    """

    meta: ClassVar[dict[str, object]] = {"collection": "asked_mailboxes"}
    INDEXES = (index("letter_id", sparse=True),)

    letter_id = me.UUIDField(binary=True)

    @staticmethod
    def id_of(training_id: str, email: str) -> UUID:
        """Return one id for all spellings of a mailbox: case, dots and what follows a plus lead to the same one."""
        name, _, domain = email.casefold().rpartition("@")
        mailbox = f"{name.partition('+')[0].replace('.', '')}@{domain}"
        return UUID(bytes=digest("asked mailbox", f"{training_id}|{mailbox}".encode())[:16])

    @classmethod
    def row_scope(cls, principal: Principal) -> Scope | None:
        del principal
        return None
