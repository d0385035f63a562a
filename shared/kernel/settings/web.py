"""Settings of the web process."""

from __future__ import annotations

from dataclasses import dataclass

from shared.kernel.settings.declaration import POSITIVE, setting


@dataclass(frozen=True)
class WebSettings:
    """The web process, its API and its pages."""

    web_workers: int = setting("SCORE_WEB_WORKERS", 1, "gunicorn worker processes of one service", check=POSITIVE)
    web_threads: int = setting("SCORE_WEB_THREADS", 6, "Threads of one gunicorn worker", check=POSITIVE)
    web_timeout: int = setting(
        "SCORE_WEB_TIMEOUT", 30, "Seconds after which a stuck web worker is replaced", check=POSITIVE
    )
    addresses: dict[str, str] = setting(
        "SCORE_ADDRESSES", {}, "Public address per service, `name=url,...`; default is the declared ports"
    )
    max_body_bytes: int = setting("SCORE_MAX_BODY_BYTES", 1_048_576, "Largest request body", check=POSITIVE)
    idempotency_days: int = setting(
        "SCORE_IDEMPOTENCY_DAYS", 30, "How long the answer to an Idempotency-Key is kept", check=POSITIVE
    )
    cookie_secret: str = setting(
        "SCORE_COOKIE_SECRET", "", "Key of the forms' CSRF tokens; empty derives one per start", secret=True
    )
    operations_most_rows: int = setting(
        "SCORE_OPERATIONS_MOST_ROWS",
        5_000,
        "Most rows that the operations page lets send again at once; `score outbox republish` has no such bound",
        check=POSITIVE,
    )
