"""What became of a letter, and what its mail says."""

from __future__ import annotations

from email.message import EmailMessage

from services.notifications.letters.model import Letter
from shared.kernel import clock
from shared.storage import connection
from shared.storage.transaction import transactional


def state_of(letter: Letter) -> str:
    return str(Letter.get(letter.id).state)


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


@transactional
def make_due(letter: Letter) -> None:
    """As if its pause were over."""
    connection.database()["letters"].update_one({"_id": letter.id}, {"$set": {"next_try_at": clock.now()}})
