"""The relay proves who it is before it is told anything; one that does not let us in bounces no letter."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from services.notifications.letters.model import Letter
from services.notifications.sending import jobs
from services.notifications.settings import notification_settings
from shared.kernel.settings.current import settings
from shared.kernel.settings.declaration import Misconfigured
from tests.support import factories
from tests.support.certificates import Authority, server_context
from tests.support.factories import ALPHA
from tests.support.letters import state_of
from tests.support.mail_relay import Relay, started

Guarded = Callable[..., Relay]


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def guarded(relay: Relay, configured: pytest.MonkeyPatch, authority: Authority) -> Iterator[Guarded]:
    """A relay behind a certificate, spoken to in a way (`starttls`, `tls`) and with a password."""
    running = []

    def begin(
        how: str, password: str = "right", *, address: str = "127.0.0.1", by: Authority | None = None, **options: Any
    ) -> Relay:
        proof = server_context((by or authority).issue("relay", address))
        ways = {
            "tls": {"ssl_context": proof, "auth_require_tls": False},
            "starttls": {"tls_context": proof, "require_starttls": True, "auth_required": True},
        }
        running.append(started(relay, **({"authenticator": relay.authenticate} | (options or ways[how]))))
        configured.setenv("SCORE_SMTP", f"127.0.0.1:{running[-1].port}")
        configured.setenv("SCORE_SMTP_SECURITY", how)
        configured.setenv("SCORE_SMTP_USER", "score")
        configured.setenv("SCORE_SMTP_PASSWORD", password)
        configured.setenv("SCORE_SMTP_CA_FILE", str(authority.file))
        notification_settings.cache_clear()
        return relay

    yield begin
    for controller in running:
        controller.stop()


@pytest.mark.parametrize("how", ["starttls", "tls"])
def test_a_letter_goes_to_a_relay_that_proved_who_it_is(guarded: Guarded, how: str) -> None:
    relay = guarded(how)
    letter = factories.letter(ALPHA)
    jobs.send_due()
    assert (state_of(letter), len(relay.taken)) == ("sent", 1)
    assert (relay.logins, relay.encrypted) == ([(b"score", b"right")], [True])


@pytest.mark.parametrize("how", ["starttls", "tls"])
@pytest.mark.parametrize("flaw", ["another authority", "another address"])
def test_a_relay_with_a_wrong_certificate_is_told_nothing(
    guarded: Guarded, tmp_path: Path, how: str, flaw: str
) -> None:
    other = Authority(tmp_path, "stranger") if flaw == "another authority" else None
    relay = guarded(how, by=other, address="127.0.0.1" if other else "127.0.0.2")
    letter = factories.letter(ALPHA)
    jobs.send_due()
    waiting = Letter.get(letter.id)
    assert (waiting.state, waiting.reason) == ("queued", "SSLCertVerificationError")
    assert (relay.visits, relay.logins, relay.taken) == (0, [], [])


def test_a_relay_that_offers_no_encryption_is_told_nothing(guarded: Guarded) -> None:
    relay = guarded("starttls", auth_require_tls=False)
    letter = factories.letter(ALPHA)
    jobs.send_due()
    waiting = Letter.get(letter.id)
    assert (waiting.state, waiting.reason) == ("queued", "SMTPNotSupportedError")
    assert (relay.visits, relay.logins, relay.taken) == (0, [], [])


@pytest.mark.parametrize("how", ["starttls", "tls"])
def test_a_refused_login_bounces_no_letter(guarded: Guarded, how: str) -> None:
    relay = guarded(how, "wrong")
    letter = factories.letter(ALPHA)
    jobs.send_due()
    waiting = Letter.get(letter.id)
    assert (waiting.state, waiting.reason) == ("queued", "SMTPAuthenticationError")
    assert relay.visits == 0


def test_a_relay_that_greets_with_a_refusal_bounces_no_letter(relay: Relay, configured: pytest.MonkeyPatch) -> None:
    """As one that is closed for everybody does (554)."""
    letter = factories.letter(ALPHA)
    with socket.create_server(("127.0.0.1", 0)) as closed:
        configured.setenv("SCORE_SMTP", f"127.0.0.1:{closed.getsockname()[1]}")
        notification_settings.cache_clear()
        greeter = threading.Thread(target=_refuse_one, args=(closed,))
        greeter.start()
        jobs.send_due()
        greeter.join()
    waiting = Letter.get(letter.id)
    assert (waiting.state, waiting.reason) == ("queued", "SMTPConnectError")


def _refuse_one(closed: socket.socket) -> None:
    visitor, _ = closed.accept()
    with visitor:
        visitor.sendall(b"554 no service here\r\n")
        visitor.recv(100)


@pytest.mark.parametrize(
    "given",
    [
        {"SCORE_SMTP_USER": "score"},
        {"SCORE_SMTP_PASSWORD": "right", "SCORE_SMTP_SECURITY": "tls"},
        {"SCORE_SMTP_USER": "score", "SCORE_SMTP_PASSWORD": "right"},
    ],
)
def test_half_a_login_or_one_without_encryption_is_refused(
    configured: pytest.MonkeyPatch, given: dict[str, str]
) -> None:
    for name, value in given.items():
        configured.setenv(name, value)
    settings.cache_clear()
    notification_settings.cache_clear()
    with pytest.raises(Misconfigured, match="SCORE_SMTP_"):
        notification_settings()
    notification_settings.cache_clear()
