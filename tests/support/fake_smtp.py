"""A mail relay with recipients of every kind: their addresses say how it treats letters to them.

`grey...` is told to come again, twice; `slow...` gets no answer at first; `gone...` is refused; `drop...` is taken and the
connection dropped without a word; `auto...` is taken and answered to the return path. All others are taken.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from typing import Any

from tests.support.mail_relay import Relay

# ruff: noqa: N802 - the signatures are aiosmtpd's

GREY_TIMES = 2
LOOK_SECONDS = 0.02


@dataclass
class FakeSmtp(Relay):
    stall_seconds: float = 30.0
    asked: Counter[str] = field(default_factory=Counter)
    accepted: Counter[str] = field(default_factory=Counter)
    dropped: set[str] = field(default_factory=set)
    replies: list[tuple[str, bytes]] = field(default_factory=list)
    stalling: int = 0
    ending: bool = False

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        self.asked[address] += 1
        if address.startswith("grey") and self.asked[address] <= GREY_TIMES:
            return "451 4.7.1 come again later"
        if address.startswith("gone"):
            return "550 5.1.1 nobody of that name"
        if address.startswith("slow") and self.asked[address] == 1:
            self.stalling += 1
            await self._stall()
            return "451 4.3.0 too slow"
        return await super().handle_RCPT(server, session, envelope, address, options)

    async def _stall(self) -> None:
        for _ in range(round(self.stall_seconds / LOOK_SECONDS)):
            if self.ending:
                return
            await asyncio.sleep(LOOK_SECONDS)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        (recipient,) = envelope.rcpt_tos
        said = await super().handle_DATA(server, session, envelope)
        if said.startswith("250"):
            message_id = str(BytesHeaderParser().parsebytes(envelope.original_content)["Message-ID"])
            self.accepted[message_id] += 1
            if recipient.startswith("drop"):
                self.dropped.add(message_id)
                server.transport.abort()
            if recipient.startswith("auto"):
                self.replies.append((envelope.mail_from, away(envelope.mail_from, recipient)))
        return said


def away(return_path: str, recipient: str) -> bytes:
    """The answer of a mailbox whose owner is away."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = recipient, return_path, "Saya sedang cuti"
    message["Auto-Submitted"] = "auto-replied"
    message.set_content("Saya kembali hari Senin.\n")
    return f"Delivered-To: {return_path}\r\n".encode() + message.as_bytes()


def report(return_path: str, recipient: str, *, action: str = "failed", status: str = "5.1.1") -> bytes:
    """What a mail server reports about a letter that it had taken (RFC 3464)."""
    return (
        f"Delivered-To: {return_path}\r\nFrom: MAILER-DAEMON@example.org\r\nTo: {return_path}\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.org\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: {action}\r\nStatus: {status}\r\n\r\n--b--\r\n"
    ).encode()
