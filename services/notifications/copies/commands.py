"""Keeps what letters said, for a time, and lets go of it, in the store and in the mailbox of the embedded run."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

import requests
from pymongo.collection import Collection

from services.notifications.copies.model import Content, MailToRemove, SentCopy
from services.notifications.letters.model import Letter
from services.notifications.links.keys import link_keys
from services.notifications.settings import notification_settings
from shared.kernel import clock
from shared.kernel.clock import BEGINNING
from shared.observability import logs
from shared.storage import connection
from shared.storage.transaction import current_batch, in_new_transaction, transactional

log = logs.get(__name__)
SLICE = 200


@transactional
def keep_copy(letter: Letter, content: Content, *, first: bool) -> None:
    """Keep what a letter said that has just gone out; of one that is sent again the later stands."""
    copy = SentCopy.of(letter.id, letter.recipient_id, content, clock.now(), link_keys())
    current_batch().replace(SentCopy._meta["collection"], copy.to_mongo(), new=first)  # noqa: SLF001


@transactional
def forget_copies(recipient_id: UUID) -> None:
    """Let go of what letters said to somebody who was erased, and have their mails taken from the mailbox."""
    for copy in SentCopy.objects(recipient_id=recipient_id):
        copy.delete()
    remove_mails(letter.id for letter in Letter.objects(recipient_id=recipient_id) if letter.handed_over_at)


@transactional
def remove_mails(letter_ids: Iterable[UUID]) -> None:
    """Have the mails of some letters taken from the mailbox of the embedded run, where there is one."""
    if notification_settings().mailbox:
        for letter_id in letter_ids:
            current_batch().replace(MailToRemove._meta["collection"], {"_id": letter_id})  # noqa: SLF001


def clear_mailbox() -> None:
    """Take from the mailbox what has to go; what it does not answer for is asked again. It may hold none of them."""
    letters = [row.id for row in MailToRemove.objects]
    for start in range(0, len(letters), SLICE):
        some = letters[start : start + SLICE]
        answer = requests.post(
            f"{notification_settings().mailbox.rstrip('/')}/removals",
            json={"letters": [str(letter_id) for letter_id in some]},
            timeout=notification_settings().smtp_timeout_seconds,
        )
        answer.raise_for_status()
        _forget_removed(some)


@transactional
def _forget_removed(letter_ids: Sequence[UUID]) -> None:
    _rows(MailToRemove).delete_many({"_id": {"$in": letter_ids}})


def forget_old_copies() -> None:
    """Drop the copies whose time is over, slice by slice."""
    before = clock.now() - timedelta(days=notification_settings().copy_days)

    def work() -> int:
        old = _rows(SentCopy).find({"kept_at": {"$gte": BEGINNING, "$lt": before}}, {"_id": 1}).limit(SLICE)
        gone = [row["_id"] for row in old]
        return int(_rows(SentCopy).delete_many({"_id": {"$in": gone}}).deleted_count) if gone else 0

    total = 0
    while gone := in_new_transaction(work):
        total += gone
    if total:
        log.info("kept long enough", sent_copies=total)


def _rows(document: type[SentCopy | MailToRemove]) -> Collection[dict[str, Any]]:
    return connection.database()[document._meta["collection"]]  # noqa: SLF001
