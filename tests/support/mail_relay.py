"""A mail relay of the tests' own: aiosmtpd on a free port, told how to answer at each step of a delivery."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import SMTP
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult

# ruff: noqa: ARG002, N802 - the signatures are aiosmtpd's


@dataclass
class Relay:
    """`answers` maps RCPT, DATA and QUIT to what is said there; None instead drops the connection without a word."""

    answers: dict[str, str | None] = field(default_factory=dict)
    watch: Callable[[], None] = lambda: None
    taken: list[bytes] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    visits: int = 0
    logins: list[tuple[bytes, bytes]] = field(default_factory=list)
    encrypted: list[bool] = field(default_factory=list)

    def authenticate(self, server: Any, session: Any, envelope: Any, mechanism: str, data: Any) -> AuthResult:
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password == b"right", handled=False)

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        self.visits += 1
        self.encrypted.append(server.transport.get_extra_info("ssl_object") is not None)
        said = self.answers.get("RCPT", "250 OK")
        if said is not None and said.startswith("250"):
            envelope.rcpt_tos.append(address)
        return said or ""

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        self.watch()
        said = self.answers.get("DATA", "250 OK")
        if said is None or said.startswith("250"):
            self.taken.append(envelope.original_content)
            self.recipients += envelope.rcpt_tos
        if said is None:
            server.transport.abort()
            return "421 gone"
        return said

    async def handle_QUIT(self, server: Any, session: Any, envelope: Any) -> str:
        return self.answers.get("QUIT") or "221 Bye"

    @property
    def mails(self) -> list[EmailMessage]:
        """The bytes that came in, parsed as a mail program would."""
        parser = BytesParser(policy=SMTP)
        return [parser.parsebytes(content) for content in self.taken]  # type: ignore[misc]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def started(relay: Relay, **options: Any) -> Controller:
    controller = Controller(relay, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    return controller
