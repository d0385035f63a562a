"""Every number and address that a deployment may choose, in one place.

A setting is a field of a frozen dataclass with its environment variable, default and meaning; `settings()` reads the
environment once and names every bad variable at once. `SCORE_X_FILE` holding a path is read for `SCORE_X` (secrets). A service's
own settings are a class of the same shape in its `settings.py`, read with `load`. `docs/settings.md` is generated.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any, TypeVar

from environs import EnvError, FileAwareEnv
from marshmallow.validate import OneOf, Range, Validator

S = TypeVar("S")


def setting(variable: str, default: Any, meaning: str, *, check: Validator | None = None, secret: bool = False) -> Any:
    return field(
        default=default if not isinstance(default, dict) else None,
        metadata={"variable": variable, "default": default, "meaning": meaning, "check": check, "secret": secret},
    )


POSITIVE = Range(min=0, min_inclusive=False)
NOT_NEGATIVE = Range(min=0)


@dataclass(frozen=True, slots=True)
class Settings:
    profile: str = setting(
        "SCORE_PROFILE",
        "embedded",
        "`embedded` (one machine, loopback) or `production`",
        check=OneOf(["embedded", "production"]),
    )
    data: str = setting("SCORE_DATA", ".data", "Folder of the embedded run: engines, keys, mails")
    mongo_url: str = setting(
        "SCORE_MONGO_URL",
        "mongodb://127.0.0.1:27117",
        "Document store; `SCORE_<SERVICE>_MONGO_URL` overrides it for one service",
        secret=True,
    )
    kafka: str = setting("SCORE_KAFKA", "127.0.0.1:19092", "Bootstrap addresses of the broker, comma separated")
    smtp: str = setting("SCORE_SMTP", "127.0.0.1:8125", "SMTP relay, host:port")
    bind: str = setting("SCORE_BIND", "127.0.0.1", "Address that web and metrics listen on")
    web_workers: int = setting("SCORE_WEB_WORKERS", 1, "gunicorn worker processes of one service", check=POSITIVE)
    web_threads: int = setting("SCORE_WEB_THREADS", 6, "Threads of one gunicorn worker", check=POSITIVE)
    web_timeout: int = setting(
        "SCORE_WEB_TIMEOUT", 30, "Seconds after which a stuck web worker is replaced", check=POSITIVE
    )
    database_prefix: str = setting("SCORE_DATABASE_PREFIX", "score", "Databases are called <prefix>_<service>")
    topic_prefix: str = setting("SCORE_TOPIC_PREFIX", "", "Put before every topic and group name on the broker")
    topic_partitions: int = setting("SCORE_TOPIC_PARTITIONS", 3, "Partitions of a fact topic", check=POSITIVE)
    topic_replication: int = setting(
        "SCORE_TOPIC_REPLICATION",
        0,
        "Copies of each partition; 0 for one per broker, at most 3 (so 3 in production)",
        check=NOT_NEGATIVE,
    )
    topic_min_isr: int = setting(
        "SCORE_TOPIC_MIN_ISR",
        0,
        "Copies that must hold a record before it is acknowledged; 0 for one less than all, at least 1 (so 2 in production)",
        check=NOT_NEGATIVE,
    )
    topic_retention_ms: int = setting(
        "SCORE_TOPIC_RETENTION_MS",
        3_600_000,
        "Retention of fact topics; -1 keeps for ever: in production, and what `score up --kafka` chooses",
    )
    topic_retention_bytes: int = setting(
        "SCORE_TOPIC_RETENTION_BYTES",
        700_000,
        "Bytes kept per partition; -1 for no bound: in production, and what `score up --kafka` chooses",
    )
    worker_slot: int = setting(
        "SCORE_WORKER_SLOT", 0, "Number of this worker among its service's workers", check=NOT_NEGATIVE
    )
    clock_offset: float = setting("SCORE_CLOCK_OFFSET", 0.0, "Seconds added to the clock; refused in production")
    failpoint: str = setting(
        "SCORE_FAILPOINT", "", "Named points at which to fail (`shared/runtime/failpoints.py`); refused in production"
    )
    log_level: str = setting(
        "SCORE_LOG_LEVEL", "INFO", "Lowest level that is logged", check=OneOf(["DEBUG", "INFO", "WARNING", "ERROR"])
    )
    log_format: str = setting(
        "SCORE_LOG_FORMAT", "json", "`json` lines or `text` for people", check=OneOf(["json", "text"])
    )

    mongo_pool: int = setting("SCORE_MONGO_POOL", 16, "Connections to the store per process", check=POSITIVE)
    mongo_socket_ms: int = setting(
        "SCORE_MONGO_SOCKET_MS", 20_000, "A silent store counts as gone after this", check=POSITIVE
    )
    mongo_select_ms: int = setting("SCORE_MONGO_SELECT_MS", 5_000, "Wait for a reachable store", check=POSITIVE)
    transaction_seconds: float = setting(
        "SCORE_TRANSACTION_SECONDS", 8.0, "A transaction, its retries included, gives up after this", check=POSITIVE
    )

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
    resend_page: int = setting("SCORE_RESEND_PAGE", 500, "Facts sent again in one page", check=POSITIVE)
    resend_repeat_seconds: float = setting(
        "SCORE_RESEND_REPEAT_SECONDS", 10.0, "An unanswered resend request is repeated after this", check=POSITIVE
    )
    operations_most_rows: int = setting(
        "SCORE_OPERATIONS_MOST_ROWS",
        5_000,
        "Most rows that the operations page lets send again at once; `score outbox republish` has no such bound",
        check=POSITIVE,
    )
    gap_seconds: float = setting("SCORE_GAP_SECONDS", 5.0, "A gap open this long is asked for again", check=POSITIVE)
    send_timeout_seconds: float = setting(
        "SCORE_SEND_TIMEOUT_SECONDS", 20.0, "Wait for the broker's acknowledgement", check=POSITIVE
    )
    lease_seconds: float = setting(
        "SCORE_LEASE_SECONDS", 15.0, "A lease not renewed for this long is free", check=POSITIVE
    )

    batch_events: int = setting(
        "SCORE_BATCH_EVENTS", 50, "Events that share one transaction of a reaction group", check=POSITIVE
    )
    unconcerned_ms: int = setting(
        "SCORE_UNCONCERNED_MS",
        1_000,
        "Longest wait, for others to share its transaction with, of a fact that a group does not react to",
        check=NOT_NEGATIVE,
    )
    consumer_idle_ms: int = setting(
        "SCORE_CONSUMER_IDLE_MS", 50, "Longest pause of a group between two empty polls", check=POSITIVE
    )
    consumer_backstop_ms: int = setting(
        "SCORE_CONSUMER_BACKSTOP_MS", 1_000, "The same while the worker's doorbell watches its topics", check=POSITIVE
    )
    doorbell_ms: int = setting(
        "SCORE_DOORBELL_MS", 10, "Pause between two looks at where the logs of a worker's topics end", check=POSITIVE
    )
    nudges: str = setting(
        "SCORE_NUDGES",
        "",
        "Folder in which the processes of one machine nudge each other when they have written; `score up` sets it",
    )
    nudged_look_ms: int = setting(
        "SCORE_NUDGED_LOOK_MS",
        250,
        "Pause of doorbells and change streams between two looks while nudges are heard",
        check=POSITIVE,
    )
    compare_seconds: float = setting(
        "SCORE_COMPARE_SECONDS",
        15.0,
        "How often a group compares its positions with what the log holds",
        check=POSITIVE,
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
    session_timeout_ms: int = setting(
        "SCORE_SESSION_TIMEOUT_MS", 10_000, "A silent group member is given up after this", check=POSITIVE
    )
    max_poll_interval_ms: int = setting(
        "SCORE_MAX_POLL_INTERVAL_MS", 300_000, "Longest work between two polls", check=POSITIVE
    )

    jwks_url: str = setting("SCORE_JWKS_URL", "", "Keys that sign tokens: an http(s) or file address")
    token_issuers: tuple[str, ...] = setting(
        "SCORE_TOKEN_ISSUERS", ("score-embedded",), "Accepted `iss` of tokens, comma separated"
    )
    link_keys_url: str = setting(
        "SCORE_LINK_KEYS_URL", "", "Keys that sign links, as `SCORE_JWKS_URL`; default is the address of notifications"
    )
    signing_key: str = setting(
        "SCORE_SIGNING_KEY", "", "Private key of the embedded run's own tokens (path); loopback only"
    )
    people_file: str = setting(
        "SCORE_PEOPLE_FILE", "", "Sample people that the sign-in page offers (path); loopback only"
    )
    cookie_secret: str = setting(
        "SCORE_COOKIE_SECRET", "", "Key of the forms' CSRF tokens; empty derives one per start", secret=True
    )
    addresses: dict[str, str] = setting(
        "SCORE_ADDRESSES", {}, "Public address per service, `name=url,...`; default is the declared ports"
    )
    suspension_seconds: float = setting(
        "SCORE_SUSPENSION_SECONDS",
        5.0,
        "How long a web process trusts its list of suspended institutions",
        check=POSITIVE,
    )
    rate_limit: str = setting("SCORE_RATE_LIMIT", "3000 per minute", "Requests of one institution to one service")
    rate_limit_storage: str = setting(
        "SCORE_RATE_LIMIT_STORAGE",
        "memory://",
        "Where the rate limiter counts; shared storage when a service has several processes",
    )
    max_body_bytes: int = setting("SCORE_MAX_BODY_BYTES", 1_048_576, "Largest request body", check=POSITIVE)
    idempotency_days: int = setting(
        "SCORE_IDEMPOTENCY_DAYS", 30, "How long the answer to an Idempotency-Key is kept", check=POSITIVE
    )

    @property
    def production(self) -> bool:
        return self.profile == "production"

    @property
    def loopback(self) -> bool:
        return self.bind in ("127.0.0.1", "::1", "localhost")


class Misconfigured(RuntimeError):
    """The environment is wrong; the message names every bad variable."""


def load(shape: type[S]) -> S:
    """Read a settings class from the environment, or raise `Misconfigured`."""
    env = FileAwareEnv(eager=False)
    values: dict[str, Any] = {}
    for item in fields(shape):  # type: ignore[arg-type]
        meta = item.metadata
        check = meta["check"]
        values[item.name] = _parser(env, item.type)(
            meta["variable"], meta["default"], validate=[check] if check else []
        )
    try:
        env.seal()
    except EnvError as problem:
        raise Misconfigured(str(problem)) from problem
    for name, value in values.items():
        if isinstance(value, list):
            values[name] = tuple(value)
    return shape(**values)


def _parser(env: FileAwareEnv, annotation: Any) -> Callable[..., Any]:
    parsers: dict[str, Callable[..., Any]] = {
        "str": env.str,
        "int": env.int,
        "float": env.float,
        "bool": env.bool,
        "tuple[str, ...]": env.list,
        "dict[str, str]": env.dict,
    }
    return parsers[str(annotation)]


@cache
def settings() -> Settings:
    loaded = load(Settings)
    if loaded.production and (loaded.clock_offset or loaded.failpoint):
        raise Misconfigured("SCORE_CLOCK_OFFSET and SCORE_FAILPOINT are refused in production")
    return loaded
