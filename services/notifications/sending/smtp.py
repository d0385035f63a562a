"""Speaks to the mail relay: one letter after the other over a connection, and finds out whether it took them."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from services.notifications.letters.mail import Mail
from services.notifications.sending.rules import Outcome, refusal
from services.notifications.settings import notification_settings
from shared.kernel import failpoints

AGREED: Final = (250, 251)
GO_ON: Final = 354
CLOSING: Final = 421


class Connection:
    """A connection to the relay, opened when the first letter needs it."""

    def __init__(self) -> None:
        self._relay: smtplib.SMTP | None = None

    def open(self) -> Outcome | None:
        """Connect where that is still to be done; return why it could not be. That says nothing about any letter."""
        if self._relay is None:
            try:
                self._relay = connected()
            except (OSError, smtplib.SMTPException) as error:
                return Outcome("deferred", type(error).__name__, broken=True)
        return None

    def deliver(self, mail: Mail, may_hand_over: Callable[[], bool]) -> Outcome:
        """Hand a letter to the relay. `may_hand_over` is asked when the relay has agreed to its recipient and before it is told
        the text: from then on the letter may have gone out."""
        relay = self._relay
        if relay is None:
            raise RuntimeError("open the connection first")
        outcome = self._announce(relay, mail)
        if outcome is None:
            failpoints.hit("mail.before_handover", mail.recipient)
            outcome = self._hand_over(relay, mail) if may_hand_over() else Outcome("withdrawn")
        if outcome.broken:
            relay.close()
            self._relay = None
        elif outcome.result != "sent":
            self._begin_anew(relay)
        return outcome

    def close(self) -> None:
        """End the session; the relay has the letters, and whatever it answers now changes nothing."""
        if self._relay is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._relay.quit()
            self._relay.close()
            self._relay = None

    def _announce(self, relay: smtplib.SMTP, mail: Mail) -> Outcome | None:
        """Tell the relay from whom and to whom; return what it has against that. Of the sender it says nothing about a letter."""
        try:
            code, _ = relay.mail(mail.sender)
            if code not in AGREED:
                return Outcome("deferred", f"smtp-{code}", broken=True)
            code, answer = relay.rcpt(mail.recipient)
        except (OSError, smtplib.SMTPException) as error:
            return Outcome("deferred", type(error).__name__, broken=True)
        return None if code in AGREED else refusal(code, answer)

    def _hand_over(self, relay: smtplib.SMTP, mail: Mail) -> Outcome:
        failpoints.hit("mail.after_handover", mail.recipient)
        if relay.sock is not None:
            relay.sock.settimeout(notification_settings().smtp_data_seconds)
        try:
            code, answer = relay.data(mail.wire)
        except smtplib.SMTPDataError as refused:  # it did not want to hear the text
            code, answer = refused.smtp_code, _as_bytes(refused.smtp_error)
        except (OSError, smtplib.SMTPException) as error:
            return Outcome("ambiguous", type(error).__name__, broken=True)
        finally:
            if relay.sock is not None:
                relay.sock.settimeout(notification_settings().smtp_timeout_seconds)
        failpoints.hit("mail.after_data", mail.recipient)
        return Outcome("sent") if code in AGREED else refusal(code, answer)

    def _begin_anew(self, relay: smtplib.SMTP) -> None:
        try:
            relay.rset()
        except (OSError, smtplib.SMTPException):
            relay.close()
            self._relay = None


def connected() -> smtplib.SMTP:
    """Connect to the relay as the settings say; where they say TLS, nothing is told to a relay that did not prove who it is."""
    chosen = notification_settings()
    host, _, port = chosen.smtp.rpartition(":")
    timeout = chosen.smtp_timeout_seconds
    relay = (
        smtplib.SMTP_SSL(host, int(port), timeout=timeout, context=trusted())
        if chosen.smtp_security == "tls"
        else smtplib.SMTP(host, int(port), timeout=timeout)
    )
    try:
        if chosen.smtp_security == "starttls":
            relay.starttls(context=trusted())
        relay.ehlo_or_helo_if_needed()
        if chosen.smtp_user:
            relay.login(chosen.smtp_user, chosen.smtp_password)
    except (OSError, smtplib.SMTPException):
        relay.close()
        raise
    return relay


def trusted() -> ssl.SSLContext:
    """Return what a relay's certificate is checked by; to read those of the system takes longer than to send some letters."""
    return ssl.create_default_context(cafile=notification_settings().smtp_ca_file or None)


def _as_bytes(answer: bytes | str) -> bytes:
    return answer.encode() if isinstance(answer, str) else answer
