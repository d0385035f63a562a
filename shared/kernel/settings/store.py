"""Settings of the document store."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlsplit

from marshmallow.validate import Regexp

from shared.kernel.settings.declaration import POSITIVE, InProduction, setting

UNVERIFIED = ("tlsinsecure", "tlsallowinvalidcertificates", "tlsallowinvalidhostnames")


def is_guarded(url: str) -> bool:
    """Say whether an address of MongoDB asks for TLS with a verified certificate, and says who is asking."""
    try:
        parts = urlsplit(url)
        options = {name.lower(): value.lower() for name, value in parse_qsl(parts.query)}
        known = bool(parts.username) or options.get("authmechanism") == "mongodb-x509"
    except ValueError:
        return False
    encrypted = options.get("tls", options.get("ssl", str(parts.scheme == "mongodb+srv").lower())) == "true"
    return known and encrypted and not any(options.get(loosened) == "true" for loosened in UNVERIFIED)


@dataclass(frozen=True)
class StoreSettings:
    """The document store."""

    mongo_url: str = setting(
        "SCORE_MONGO_URL",
        "mongodb://127.0.0.1:27117",
        "Document store; with TLS: `mongodb://user:password@host/?tls=true&tlsCAFile=path`",
        secret=True,
        per_service=True,
        production=InProduction(
            is_guarded,
            "an address with `tls=true` (or `mongodb+srv:`), certificates verified, and a user of the service's own",
        ),
    )
    database_prefix: str = setting("SCORE_DATABASE_PREFIX", "score", "Databases are called <prefix>_<service>")
    digest_key: str = setting(
        "SCORE_DIGEST_KEY",
        "",
        "Key of the digests in the store, 64 hex digits; never changed; without one it is made",
        check=Regexp(r"^([0-9a-fA-F]{64})?$"),
        secret=True,
        production=InProduction(
            bool, "a key of digests, 64 hex digits, the same for all services; never to be changed"
        ),
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
