"""Settings of consumer groups."""

from __future__ import annotations

from dataclasses import dataclass

from shared.kernel.settings.declaration import NOT_NEGATIVE, POSITIVE, setting


@dataclass(frozen=True)
class ConsumerSettings:
    """Consumer groups."""

    batch_events: int = setting(
        "SCORE_BATCH_EVENTS", 50, "Events that share one transaction of a consumer group", check=POSITIVE
    )
    unconcerned_ms: int = setting(
        "SCORE_UNCONCERNED_MS",
        1_000,
        "Longest wait, for others to share its transaction with, of an event that a group does not react to",
        check=NOT_NEGATIVE,
    )
    consumer_idle_ms: int = setting(
        "SCORE_CONSUMER_IDLE_MS", 50, "Longest pause of a group between two empty polls", check=POSITIVE
    )
    consumer_backstop_ms: int = setting(
        "SCORE_CONSUMER_BACKSTOP_MS", 1_000, "The same while the worker's wake-up watches its topics", check=POSITIVE
    )
    gap_seconds: float = setting("SCORE_GAP_SECONDS", 5.0, "A gap open this long is asked for again", check=POSITIVE)
    gap_asks: int = setting(
        "SCORE_GAP_ASKS",
        12,
        "So often an owner is asked, each time after twice as long, for what it has not got; then a person decides",
        check=POSITIVE,
    )
    compare_seconds: float = setting(
        "SCORE_COMPARE_SECONDS",
        15.0,
        "How often a group compares its positions with what the log holds",
        check=POSITIVE,
    )
    known_within_seconds: float = setting(
        "SCORE_KNOWN_WITHIN_SECONDS",
        60.0,
        "An id of another service's that is not known here is answered as not known yet while it is younger than this",
        check=NOT_NEGATIVE,
    )
    retire_slice: int = setting(
        "SCORE_RETIRE_SLICE", 500, "Rows of a replaced generation deleted in one transaction", check=POSITIVE
    )
    standstill_seconds: float = setting(
        "SCORE_STANDSTILL_SECONDS",
        60.0,
        "A worker ends, to be started again, when a group has records to read and got none on for this long",
        check=POSITIVE,
    )
    max_attempts: int = setting("SCORE_MAX_ATTEMPTS", 3, "Tries of a failing event before it is parked", check=POSITIVE)
    retry_first_ms: int = setting("SCORE_RETRY_FIRST_MS", 100, "First pause between tries; doubles", check=POSITIVE)
    breaker_events: int = setting("SCORE_BREAKER_EVENTS", 50, "Failures in a row that stop a group", check=POSITIVE)
    breaker_seconds: float = setting(
        "SCORE_BREAKER_SECONDS", 60.0, "How long a stopped group rests before it tries again", check=POSITIVE
    )
    waiting_first_seconds: float = setting(
        "SCORE_WAITING_FIRST_SECONDS", 1.0, "First look at a waiting event; doubles", check=POSITIVE
    )
    waiting_max_seconds: float = setting(
        "SCORE_WAITING_MAX_SECONDS", 60.0, "Longest pause between looks at it", check=POSITIVE
    )
