"""Mails by `smtplib` and `EmailMessage` alone, over one connection: a text and an HTML part.

Once with nothing stored; once with the two rows that nobody can do without who has to know after a crash which mails may have
gone out: one before a mail is told, one when it is known what the relay said. Neither has an index or an event.
"""

from __future__ import annotations

import smtplib
import uuid
from collections.abc import Iterable
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any

from pymongo.collection import Collection

from shared.kernel import clock

TEXT = (
    "Dear {name},\n\n"
    "The invoice {number} is due on {day}. It is about the training M1 and comes to {total} rupiah.\n\n{filling}\n"
)
FILLING = "SCORE Indonesia. " * 40


def send(port: int, recipients: Iterable[str]) -> None:
    with smtplib.SMTP("127.0.0.1", port) as relay:
        for recipient in recipients:
            relay.send_message(_mail(recipient), "bounces@example.org", [recipient])


def send_and_store(port: int, recipients: Iterable[str], rows: Collection[dict[str, Any]]) -> None:
    with smtplib.SMTP("127.0.0.1", port) as relay:
        for recipient in recipients:
            mail = _mail(recipient)
            rows.insert_one({"_id": f"{mail['Message-ID']} begun", "at": clock.now()})
            relay.send_message(mail, "bounces@example.org", [recipient])
            rows.insert_one({"_id": f"{mail['Message-ID']} taken", "at": clock.now()})


def _mail(recipient: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = Address("SCORE Indonesia", addr_spec="score@example.org")
    message["To"] = Address("Ratna", addr_spec=recipient)
    message["Subject"] = "Invoice 2026/00000A/00001"
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = f"<{uuid.uuid4()}@example.org>"
    message["Auto-Submitted"] = "auto-generated"
    words = {"name": "Ratna", "number": "2026/00000A/00001", "day": "24 December 2026", "total": "1.000.000"}
    text = TEXT.format(**words, filling=FILLING)
    message.set_content(text)
    message.add_alternative(f"<html><body><p>{text}</p></body></html>", subtype="html")
    return message
