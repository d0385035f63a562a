"""Sending letters: at most once when in doubt.

A due letter is claimed, then handed over (`handovers`), then settled, each stored before the next begins; what several
connections have to store at a time goes into one transaction. What the relay refused before it was told the text is known not
to have gone out: a temporary refusal is tried later, a permanent one is a bounce. Whatever goes wrong after the first byte
leaves it `ambiguous`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.notifications.copies.commands import keep_copy, remove_mails
from services.notifications.copies.model import Content
from services.notifications.letters.commands import takes_mailbox
from services.notifications.letters.kinds import KINDS
from services.notifications.letters.model import CHOSEN, UNREACHED, Letter, Retry, address_id
from services.notifications.preferences.queries import refused_topics
from services.notifications.sending.handovers import hand_over, take_back
from services.notifications.sending.handovers import settle as settle_claims
from services.notifications.sending.rules import HOUR, Outcome, next_turn, quiet_hours
from services.notifications.settings import notification_settings
from services.notifications.suppressions.commands import suppress_address, suppressed
from shared.kernel import clock
from shared.kernel.context import tracing
from shared.kernel.trace import Trace
from shared.messaging import parties
from shared.messaging.parties import Addressees, PartyRow
from shared.observability import logs, metrics
from shared.reference.zones import WIB
from shared.storage.transaction import transactional

log = logs.get(__name__)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A letter as it was claimed, and to whom it goes."""

    letter: Letter
    contact: PartyRow
    claim_id: UUID


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of a claimed letter, and what it said where it went out."""

    letter_id: UUID
    claim_id: UUID
    outcome: Outcome
    content: Content | None = None
    handed_over_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Stored:
    """What a transaction let happen: the letters that may be prepared, and the claims whose text may be told."""

    claimed: Mapping[UUID, Claimed]
    handed_over: frozenset[UUID]


@transactional
def store(claims: Mapping[UUID, UUID], handovers: Sequence[Claimed], results: Sequence[Settled]) -> Stored:
    """Store what several connections have to store at a time; `claims` are letters with an id for each claim."""
    concerned = {*claims, *(settled.letter_id for settled in results)}
    letters = {letter.id: letter for letter in Letter.objects(id__in=list(concerned))} if concerned else {}
    told = parties.find_addressees(letter.recipient_id for letter in letters.values())
    for settled in results:
        if (letter := letters.get(settled.letter_id)) is not None:
            _settle(letter, settled, letter.recipient_id in told.erased)
    settle_claims([settled.claim_id for settled in results if settled.handed_over_at is not None])
    handed_over = hand_over([claimed.claim_id for claimed in handovers]) if handovers else frozenset()
    due = [letter for letter_id in claims if (letter := letters.get(letter_id)) is not None]
    return Stored(_claim([letter for letter in due if letter.state == "queued"], claims, told), handed_over)


@transactional
def recover(at_work: Collection[UUID]) -> None:
    """Find what became of letters whose sender died: those that were not handed over go back, the others are `ambiguous`.

    `at_work` are the claims of this process that are still being carried out. A sender that lives after all finds its claim
    gone and hands nothing over; or says late what became of its letter, which then is no longer in doubt.
    """
    left = [letter for letter in Letter.objects(state="sending") if letter.claim_id not in at_work]
    take_back(left)
    settle_claims([letter.claim_id for letter in left if letter.handed_over_at is not None])
    erased = parties.find_addressees(letter.recipient_id for letter in left).erased if left else frozenset()
    remove_mails(letter.id for letter in left if letter.handed_over_at is not None and letter.recipient_id in erased)
    for letter in left:
        if letter.handed_over_at is None:
            letter.give_back()
        else:
            letter.mark_ambiguous("sender-died")
            log.warning("letter not settled", letter=str(letter.id))
        letter.collect()


def _claim(due: Sequence[Letter], claims: Mapping[UUID, UUID], told: Addressees) -> dict[UUID, Claimed]:
    """Claim each letter that may go out now; of every other its reason is stored."""
    if not due:
        return {}
    now, chosen = clock.now(), notification_settings()
    reachable = {letter.id: contact for letter in due if (contact := _reachable(letter, told)) is not None}
    addresses = {letter_id: address_id(contact["email"] or "") for letter_id, contact in reachable.items()}
    dead, unwilling = suppressed(addresses.values()), refused_topics(letter.recipient_id for letter in due)
    recent, quiet = _recent_claims(addresses.values(), now), quiet_hours(chosen.quiet_hours)
    claimed = {}
    for letter in due:
        contact, address = reachable.get(letter.id), addresses.get(letter.id)
        if contact is None or address is None:
            letter.collect()
            continue
        night_over = quiet.over_at(now, contact["zone"] or WIB) if quiet else None
        turn = next_turn(recent[address], now, chosen.letters_per_hour)
        if letter.is_too_late(now):
            letter.leave_unwritten("occasion-passed")
        elif address in dead:
            letter.leave_unwritten(UNREACHED)
            _suppress(letter, address, dead[address].reason)
        elif KINDS[letter.template].is_refused(unwilling.get(letter.recipient_id, ())):
            letter.leave_unwritten(CHOSEN)
        elif night_over is not None:
            letter.put_off(night_over, "quiet-hours")
        elif turn is not None:
            letter.put_off(turn, "enough-for-now")
        elif not takes_mailbox(letter, contact["email"] or ""):
            letter.leave_unwritten("mailbox-asked")
        else:
            letter.claim(now, claim_id=claims[letter.id], address_id=address)
            recent[address].append(now)
            claimed[letter.id] = Claimed(letter, contact, claims[letter.id])
        letter.collect()
    return claimed


def _reachable(letter: Letter, told: Addressees) -> PartyRow | None:
    """Return whom to write to; where that is nobody, the letter says why."""
    contact = told.known.get(letter.recipient_id)
    if contact is not None and contact.get("email"):
        return contact
    if letter.recipient_id in told.erased:
        letter.forget_recipient()
    elif letter.recipient_id in told.in_doubt:
        letter.await_contact()
    else:
        letter.lose_address()
    return None


def _recent_claims(addresses: Collection[UUID], now: datetime) -> dict[UUID, list[datetime]]:
    recent: dict[UUID, list[datetime]] = defaultdict(list)
    if addresses:
        for letter in Letter.objects(address_id__in=list(addresses), claimed_at__gte=now - HOUR, claimed_at__lte=now):
            recent[letter.address_id].append(letter.claimed_at)
    return recent


def _settle(letter: Letter, settled: Settled, is_erased: bool) -> None:
    """Store what became of a letter, as part of the story that caused it."""
    outcome, now = settled.outcome, clock.now()
    is_late = letter.state == "ambiguous" and letter.claim_id == settled.claim_id and outcome.result == "sent"
    if not letter.is_claimed_by(settled.claim_id) and not is_late:
        return
    letter.handed_over_at = settled.handed_over_at or letter.handed_over_at
    is_first = letter.sent_at is None
    _apply(letter, outcome, now)
    if outcome.result not in ("sent", "withdrawn"):
        log.warning("letter not sent", letter=str(letter.id), state=letter.state, reason=outcome.reason)
    if outcome.address_refused and letter.address_id is not None:
        _suppress(letter, letter.address_id, outcome.reason)
    if is_erased:
        letter.forget_recipient()
        remove_mails([letter.id])
    elif settled.content is not None and outcome.result == "sent":
        keep_copy(letter, settled.content, first=is_first)
    with tracing(story_of(letter)):
        letter.collect()
    metrics.LETTERS.labels(letter.state).inc()


def _apply(letter: Letter, outcome: Outcome, now: datetime) -> None:
    match outcome.result:
        case "sent":
            letter.sent(now)
        case "bounced":
            letter.bounced(outcome.reason)
        case "deferred":
            letter.deferred(outcome.reason, now=now, retry=_retry())
        case "failed":
            letter.failed(outcome.reason)
        case "withdrawn":
            letter.give_back()
        case "ambiguous":
            letter.mark_ambiguous(outcome.reason)


def _suppress(letter: Letter, address: UUID, reason: str) -> None:
    with tracing(story_of(letter)):
        suppress_address(
            recipient_id=letter.recipient_id, address_id=address, institution_id=letter.institution_id, reason=reason
        )


def story_of(letter: Letter) -> Trace:
    return Trace(correlation_id=letter.correlation_id, causation_id=letter.cause_id, traceparent=letter.traceparent)


def _retry() -> Retry:
    chosen = notification_settings()
    return Retry(
        first_seconds=chosen.retry_first_seconds,
        longest_seconds=chosen.retry_max_seconds,
        give_up_after=timedelta(hours=chosen.retry_for_hours),
    )
