"""Settings of the document store."""

from __future__ import annotations

from dataclasses import dataclass

from marshmallow.validate import Regexp

from shared.kernel.settings.declaration import POSITIVE, setting


@dataclass(frozen=True)
class StoreSettings:
    """The document store."""

    mongo_url: str = setting(
        "SCORE_MONGO_URL",
        "mongodb://127.0.0.1:27117",
        "Document store; `SCORE_<SERVICE>_MONGO_URL` overrides it for one service",
        secret=True,
    )
    database_prefix: str = setting("SCORE_DATABASE_PREFIX", "score", "Databases are called <prefix>_<service>")
    digest_key: str = setting(
        "SCORE_DIGEST_KEY",
        "",
        "Key of the digests in the store, 64 hex digits; never changed. Production needs it, else it is made",
        check=Regexp(r"^([0-9a-fA-F]{64})?$"),
        secret=True,
    )
    mongo_pool: int = setting("SCORE_MONGO_POOL", 16, "Connections to the store per process", check=POSITIVE)
    mongo_socket_ms: int = setting(
        "SCORE_MONGO_SOCKET_MS", 20_000, "A silent store counts as gone after this", check=POSITIVE
    )
    mongo_select_ms: int = setting("SCORE_MONGO_SELECT_MS", 5_000, "Wait for a reachable store", check=POSITIVE)
    transaction_seconds: float = setting(
        "SCORE_TRANSACTION_SECONDS", 8.0, "A transaction, its retries included, gives up after this", check=POSITIVE
    )
    lease_seconds: float = setting(
        "SCORE_LEASE_SECONDS", 15.0, "A lease not renewed for this long is free", check=POSITIVE
    )
    access_log_days: int = setting(
        "SCORE_ACCESS_LOG_DAYS", 730, "Days for which it is kept who read personal data", check=POSITIVE
    )
    discarded_days: int = setting(
        "SCORE_DISCARDED_DAYS", 30, "Days for which a discarded record is kept with its reason", check=POSITIVE
    )
    retention_seconds: float = setting(
        "SCORE_RETENTION_SECONDS", 3_600.0, "Pause between two looks for what was kept long enough", check=POSITIVE
    )
    erasure_check_seconds: float = setting(
        "SCORE_ERASURE_CHECK_SECONDS", 60.0, "Pause between two looks at erasures that are not done", check=POSITIVE
    )
