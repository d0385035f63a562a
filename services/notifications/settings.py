"""The settings that the programme may choose about letters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from marshmallow.validate import OneOf

from shared.kernel.settings.declaration import (
    NAMED_KEYS,
    POSITIVE,
    READABLE_FILE,
    InProduction,
    Misconfigured,
    load,
    setting,
)


@dataclass(frozen=True, slots=True)
class NotificationSettings:
    smtp: str = setting("SCORE_SMTP", "127.0.0.1:8125", "SMTP relay, host:port")
    smtp_security: str = setting(
        "SCORE_SMTP_SECURITY",
        "none",
        "`none` (one machine, loopback), `starttls` (as on port 587) or `tls` (as on port 465), with a verified certificate",
        check=OneOf(["none", "starttls", "tls"]),
        production=InProduction(lambda how: how != "none", "set it to `starttls` or `tls`"),
    )
    smtp_user: str = setting("SCORE_SMTP_USER", "", "Who logs in to the relay; empty for nobody")
    smtp_password: str = setting("SCORE_SMTP_PASSWORD", "", "Its password; needs TLS", secret=True)
    smtp_ca_file: str = setting(
        "SCORE_SMTP_CA_FILE",
        "",
        "Certificates that vouch for the relay (PEM, path); empty for those of the system",
        check=READABLE_FILE,
    )
    sender: str = setting("SCORE_MAIL_SENDER", "SCORE Indonesia <score@example.org>", "From address of every letter")
    reply_to: str = setting("SCORE_MAIL_REPLY_TO", "bantuan@example.org", "Where answers go")
    sending_seconds: float = setting(
        "SCORE_SENDING_SECONDS", 0.5, "Pause between two rounds of sending", check=POSITIVE
    )
    smtp_timeout_seconds: float = setting(
        "SCORE_SMTP_TIMEOUT_SECONDS", 30.0, "Longest wait for the mail relay", check=POSITIVE
    )
    retry_first_seconds: float = setting(
        "SCORE_MAIL_RETRY_FIRST_SECONDS", 300.0, "First pause after the relay said not now; doubles", check=POSITIVE
    )
    retry_max_seconds: float = setting(
        "SCORE_MAIL_RETRY_MAX_SECONDS", 14_400.0, "Longest pause between tries", check=POSITIVE
    )
    retry_for_hours: float = setting(
        "SCORE_MAIL_RETRY_HOURS", 96.0, "A letter not taken for this long has failed", check=POSITIVE
    )
    stale_hours: float = setting(
        "SCORE_MAIL_STALE_HOURS", 48.0, "News older than this makes a held letter", check=POSITIVE
    )
    forgotten_seconds: float = setting(
        "SCORE_FORGOTTEN_SECONDS",
        30.0,
        "How often letters that wait are compared with the known addresses",
        check=POSITIVE,
    )
    link_sealing_keys: tuple[str, ...] = setting(
        "SCORE_LINK_SEALING_KEYS",
        (),
        "Keys that seal the private key of links, `id=64 hex digits,...`; the first seals; without one it is made",
        check=NAMED_KEYS,
        secret=True,
        production=InProduction(bool, "a key that seals the private key of links, `id=64 hex digits`"),
    )
    link_days: float = setting("SCORE_LINK_DAYS", 30.0, "How long a signed link can be used", check=POSITIVE)

    @property
    def fresh_for(self) -> timedelta:
        return timedelta(hours=self.stale_hours)


@cache
def notification_settings() -> NotificationSettings:
    loaded = load(NotificationSettings)
    if bool(loaded.smtp_user) != bool(loaded.smtp_password):
        raise Misconfigured("SCORE_SMTP_USER and SCORE_SMTP_PASSWORD are given together")
    if loaded.smtp_user and loaded.smtp_security == "none":
        raise Misconfigured("SCORE_SMTP_SECURITY: a password is told to nobody but a relay that proved who it is")
    return loaded
