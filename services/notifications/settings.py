"""The settings that the programme may choose about letters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from marshmallow.validate import Email, OneOf, Range, Regexp

from shared.kernel.settings.declaration import (
    NAMED_KEYS,
    NOT_NEGATIVE,
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
    smtp_data_seconds: float = setting(
        "SCORE_SMTP_DATA_SECONDS",
        600.0,
        "Longest wait for the relay's answer to a whole letter (RFC 5321 asks for ten minutes); then it is `ambiguous`",
        check=POSITIVE,
    )
    connections: int = setting(
        "SCORE_MAIL_CONNECTIONS", 20, "Connections to the relay at a time", check=Range(min=1, max=64)
    )
    connections_per_domain: int = setting(
        "SCORE_MAIL_CONNECTIONS_PER_DOMAIN",
        3,
        "How many of them letters to one domain may use, so that a slow one delays nobody else",
        check=POSITIVE,
    )
    rest_seconds: float = setting(
        "SCORE_MAIL_REST_SECONDS",
        60.0,
        "How long nothing more goes to a domain on which a connection broke or stalled, or to a relay that is away",
        check=NOT_NEGATIVE,
    )
    quiet_hours: str = setting(
        "SCORE_QUIET_HOURS",
        "21:00-06:00",
        "When nobody is written to, in the recipient's zone; empty for never. `score up` has none",
        check=Regexp(r"^$|^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$"),
    )
    letters_per_hour: int = setting(
        "SCORE_MAIL_PER_HOUR", 30, "Letters to one address within an hour; what is more goes later", check=POSITIVE
    )
    bounce_address: str = setting(
        "SCORE_MAIL_BOUNCES",
        "bounces@example.org",
        "Where letters come back to; each carries `+` and a token of its own before the `@`",
        check=Email(),
    )
    bounce_folder: str = setting(
        "SCORE_BOUNCE_MAILDIR", "", "Maildir into which mail to `SCORE_MAIL_BOUNCES` is delivered; empty for none"
    )
    bounce_seconds: float = setting(
        "SCORE_BOUNCE_SECONDS", 30.0, "How often that Maildir is looked into", check=POSITIVE
    )
    copy_days: float = setting(
        "SCORE_MAIL_COPY_DAYS",
        30.0,
        "How long it is kept what a sent letter said, and mail to `SCORE_MAIL_BOUNCES` that is no bounce",
        check=POSITIVE,
    )
    mailbox: str = setting(
        "SCORE_MAILBOX",
        "",
        "The mailbox of the embedded run, from which mails of the erased are taken; empty where a relay delivers",
    )
    stale_hours: float = setting(
        "SCORE_MAIL_STALE_HOURS", 48.0, "News older than this makes a held letter", check=POSITIVE
    )
    forgotten_seconds: float = setting(
        "SCORE_FORGOTTEN_SECONDS",
        5.0,
        "How often letters that wait are compared with the known addresses",
        check=POSITIVE,
    )
    reminder_days: tuple[int, ...] = setting(
        "SCORE_REMINDER_DAYS", (7, 1), "How many days before a training those who take part are reminded of it"
    )
    evaluation_reminder_days: float = setting(
        "SCORE_EVALUATION_REMINDER_DAYS",
        3.0,
        "How many days after a training those who were asked about it are reminded, once",
        check=NOT_NEGATIVE,
    )
    reminders_seconds: float = setting(
        "SCORE_REMINDERS_SECONDS", 60.0, "How often reminders that are due are written", check=POSITIVE
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
    calendar_days: float = setting(
        "SCORE_CALENDAR_DAYS", 3_650.0, "How long the private address of a calendar can be used", check=POSITIVE
    )
    calendar_past_days: float = setting(
        "SCORE_CALENDAR_PAST_DAYS",
        90.0,
        "How long what is over stays in calendars that are read by address",
        check=POSITIVE,
    )

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
