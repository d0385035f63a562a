"""The settings that the programme may choose about letters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache

from shared.kernel.settings.declaration import POSITIVE, load, setting


@dataclass(frozen=True, slots=True)
class NotificationSettings:
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
    link_days: float = setting("SCORE_LINK_DAYS", 30.0, "How long a signed link can be used", check=POSITIVE)

    @property
    def fresh_for(self) -> timedelta:
        return timedelta(hours=self.stale_hours)


@cache
def notification_settings() -> NotificationSettings:
    return load(NotificationSettings)
