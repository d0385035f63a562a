"""Plays the mail servers of two domains that the embedded run has for trying out what becomes of bad addresses.

A recipient at `refused.example.org` is refused at once; a letter to one at `returned.example.org` is taken, and comes back to
its return path as a report, into the Maildir that notifications reads. What else comes to the bounce address goes there too.
"""

from __future__ import annotations

import mailbox
from collections.abc import Sequence
from email.message import EmailMessage, Message, MIMEPart
from email.utils import make_msgid
from pathlib import Path

REFUSED, RETURNED = "@refused.example.org", "@returned.example.org"
NO_SUCH_MAILBOX = "550 5.1.1 no such mailbox"


class Returns:
    """The Maildir of the bounce address, and what goes there."""

    def __init__(self, folder: Path, bounce_address: str) -> None:
        self._folder = folder
        self._local, _, self._domain = bounce_address.casefold().rpartition("@")

    def take(self, content: bytes, return_path: str, recipients: Sequence[str]) -> None:
        """Do what the servers of a mail's recipients do with it, besides keeping it."""
        for recipient in recipients:
            if self.is_theirs(recipient):
                self.keep(content, recipient)
            elif recipient.casefold().endswith(RETURNED) and return_path:
                self.give_back(return_path, recipient)

    def is_theirs(self, recipient: str) -> bool:
        """Say whether mail to a recipient is mail to the bounce address."""
        local, _, domain = recipient.casefold().rpartition("@")
        return domain == self._domain and local.partition("+")[0] == self._local

    def keep(self, content: bytes, recipient: str) -> None:
        box = mailbox.Maildir(self._folder, create=True)
        box.add(f"Delivered-To: {recipient}\r\n".encode() + content)

    def give_back(self, return_path: str, recipient: str) -> None:
        """Report to the sender that a letter was not delivered (RFC 3464)."""
        report = EmailMessage()
        report["From"], report["To"] = "MAILER-DAEMON@returned.example.org", return_path
        report["Subject"], report["Message-ID"] = (
            "Undelivered Mail Returned to Sender",
            make_msgid(domain="example.org"),
        )
        report["Auto-Submitted"] = "auto-replied"
        report["Content-Type"] = "multipart/report; report-type=delivery-status"
        text, status, about = MIMEPart(), MIMEPart(), Message()
        text.set_content("The letter could not be delivered: there is no such mailbox.\n")
        about["Final-Recipient"], about["Action"], about["Status"] = f"rfc822; {recipient}", "failed", "5.1.1"
        status["Content-Type"] = "message/delivery-status"
        status.set_payload([Message(), about])
        report.set_payload([text, status])
        self.keep(report.as_bytes(), return_path)
