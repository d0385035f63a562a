"""What a person may choose about the runner itself; the platform's own settings are in `shared/kernel/settings/current.py`."""

from __future__ import annotations

from dataclasses import dataclass

from shared.kernel.settings.declaration import POSITIVE, setting


@dataclass(frozen=True, slots=True)
class RunnerSettings:
    start_seconds: float = setting(
        "SCORE_START_SECONDS", 90.0, "A step of the start that takes longer is a failure", check=POSITIVE
    )
    stop_seconds: float = setting(
        "SCORE_STOP_SECONDS", 10.0, "A process that has not ended after SIGTERM is killed", check=POSITIVE
    )
    ping_seconds: float = setting("SCORE_PING_SECONDS", 2.0, "Pause between two pings of the store", check=POSITIVE)
    ping_timeout_seconds: float = setting(
        "SCORE_PING_TIMEOUT_SECONDS", 5.0, "A ping without an answer is missed", check=POSITIVE
    )
    ping_misses: int = setting(
        "SCORE_PING_MISSES", 3, "Missed pings in a row after which the store is replaced", check=POSITIVE
    )
    live_seconds: float = setting(
        "SCORE_LIVE_SECONDS",
        30.0,
        "A broker, worker or web that has not answered for this long is replaced",
        check=POSITIVE,
    )
    store_free_mib: int = setting(
        "SCORE_STORE_FREE_MIB", 32, "Free disk, in MiB, without which the store is not started again", check=POSITIVE
    )
    deaths: int = setting(
        "SCORE_DEATHS",
        5,
        "Deaths of one process within `SCORE_DEATHS_SECONDS` that end the stack; the mail sink is always started again",
        check=POSITIVE,
    )
    deaths_seconds: float = setting("SCORE_DEATHS_SECONDS", 60.0, "See `SCORE_DEATHS`", check=POSITIVE)
    restart_first_seconds: float = setting(
        "SCORE_RESTART_FIRST_SECONDS", 0.5, "Pause before a restart; doubles", check=POSITIVE
    )
    restart_max_seconds: float = setting(
        "SCORE_RESTART_MAX_SECONDS", 10.0, "Longest pause before a restart", check=POSITIVE
    )
    evict_seconds: float = setting(
        "SCORE_EVICT_SECONDS", 10.0, "Longest wait for the eviction of a dead group member", check=POSITIVE
    )
    store_cache: str = setting("SCORE_STORE_CACHE", "256M", "Cache of the embedded store")
    memory_bound_mib: int = setting(
        "SCORE_MEMORY_BOUND_MIB", 1638, "Bound of all processes together (1.6 GiB), in MiB", check=POSITIVE
    )
    memory_after_seconds: float = setting(
        "SCORE_MEMORY_AFTER_SECONDS", 60.0, "When the memory is counted, after the sample has loaded", check=POSITIVE
    )
    mailbox_messages: int = setting(
        "SCORE_MAILBOX_MESSAGES", 5000, "Newest messages that the mailbox keeps", check=POSITIVE
    )
    mailbox_hours: float = setting(
        "SCORE_MAILBOX_HOURS",
        72.0,
        "Hours for which the mailbox keeps a message; erased people go with it",
        check=POSITIVE,
    )
