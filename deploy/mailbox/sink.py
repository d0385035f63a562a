"""The embedded run's mail: an SMTP server that delivers nothing and keeps everything, and a page that shows it.

Every message is accepted, kept as an .eml file under the data folder and shown on the mailbox page, newest first. Only
on loopback. `python -m deploy.mailbox.sink --smtp-port 8125 --http-port 8126 --dir .data/mail`
"""

from __future__ import annotations

import argparse
import signal
from collections.abc import Sequence
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from deploy.mailbox.messages import Mailbox
from deploy.mailbox.returns import NO_SUCH_MAILBOX, REFUSED, Returns
from deploy.mailbox.server import serve_mailbox

ENDING = (signal.SIGINT, signal.SIGTERM)
LOOK_SECONDS = 60.0  # between two looks for messages that were kept long enough
LARGEST_MESSAGE = 10 * 2**20


class Keeper:
    """aiosmtpd's handler: a message is kept before it is acknowledged."""

    def __init__(self, mailbox: Mailbox, returns: Returns | None = None) -> None:
        self._mailbox, self._returns = mailbox, returns

    async def handle_RCPT(  # noqa: N802 (its name)
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del server, session, options
        if address.casefold().endswith(REFUSED):
            return NO_SUCH_MAILBOX
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 (its name)
        del server, session
        content, recipients = envelope.original_content or b"", list(envelope.rcpt_tos)
        if self._returns is not None:
            self._returns.take(content, envelope.mail_from or "", recipients)
        identity = self._mailbox.keep(content, envelope.mail_from or "", recipients)
        return f"250 kept as {identity}"


def main(arguments: Sequence[str] | None = None) -> None:
    options = argparse.ArgumentParser(prog="python -m deploy.mailbox.sink", description=__doc__)
    options.add_argument("--smtp-port", type=int, default=8125)
    options.add_argument("--http-port", type=int, default=8126)
    options.add_argument("--dir", type=Path, default=Path(".data/mail"))
    options.add_argument("--keep", type=int, default=5000, help="newest messages that are kept")
    options.add_argument("--keep-hours", type=float, default=72.0, help="hours for which a message is kept")
    options.add_argument("--bounces", type=Path, help="Maildir for mail to the bounce address")
    options.add_argument("--bounce-address", default="bounces@example.org")
    chosen = options.parse_args(arguments)

    signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)  # before the threads, which inherit it
    mailbox = Mailbox(chosen.dir, chosen.keep, chosen.keep_hours * 3600)
    returns = Returns(chosen.bounces, chosen.bounce_address) if chosen.bounces else None
    smtp = Controller(
        Keeper(mailbox, returns), hostname="127.0.0.1", port=chosen.smtp_port, ident="SCORE mail sink",
        data_size_limit=LARGEST_MESSAGE, enable_SMTPUTF8=True, decode_data=False,
    )  # fmt: skip
    smtp.start()
    page = serve_mailbox(mailbox, chosen.http_port)
    while signal.sigtimedwait(ENDING, LOOK_SECONDS) is None:
        mailbox.forget_old()
    page.shutdown()
    smtp.stop()


if __name__ == "__main__":
    main()
