"""Settings of the relay and of resends."""

from __future__ import annotations

from dataclasses import dataclass

from shared.kernel.settings.declaration import NOT_NEGATIVE, POSITIVE, setting


@dataclass(frozen=True)
class OutboxSettings:
    """The relay, and what it sends again."""

    relay_idle_ms: int = setting(
        "SCORE_RELAY_IDLE_MS",
        50,
        "Pause of the relay when nothing is pending and no change stream wakes it",
        check=POSITIVE,
    )
    relay_backstop_ms: int = setting(
        "SCORE_RELAY_BACKSTOP_MS", 1000, "Pause of the relay when a change stream wakes it", check=POSITIVE
    )
    relay_batch: int = setting("SCORE_RELAY_BATCH", 200, "Rows sent and marked together", check=POSITIVE)
    relay_window_seconds: float = setting(
        "SCORE_RELAY_WINDOW_SECONDS", 60.0, "Width of one read of the outbox", check=POSITIVE
    )
    relay_overlap_seconds: float = setting(
        "SCORE_RELAY_OVERLAP_SECONDS",
        15.0,
        "How far behind the low-water mark late commits are looked for",
        check=POSITIVE,
    )
    relay_guard_seconds: float = setting(
        "SCORE_RELAY_GUARD_SECONDS",
        10.0,
        "How often a relay compares its topic with what it was promised",
        check=POSITIVE,
    )
    resend_margin_seconds: float = setting(
        "SCORE_RESEND_MARGIN_SECONDS",
        60.0,
        "After a broker's loss, published rows this much older are sent again too",
        check=NOT_NEGATIVE,
    )
    resend_page: int = setting("SCORE_RESEND_PAGE", 500, "Events sent again in one page", check=POSITIVE)
    resend_repeat_seconds: float = setting(
        "SCORE_RESEND_REPEAT_SECONDS",
        10.0,
        "An unanswered resend request is repeated after this, then after twice as long",
        check=POSITIVE,
    )
    resend_repeat_max_seconds: float = setting(
        "SCORE_RESEND_REPEAT_MAX_SECONDS", 120.0, "Longest pause between two repeats of it", check=POSITIVE
    )
    confirm_seconds: float = setting(
        "SCORE_CONFIRM_SECONDS",
        60.0,
        "A party's owner is asked again after this whether a version that jumped is true",
        check=POSITIVE,
    )
