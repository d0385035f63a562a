"""Settings of the broker, its topics and groups."""

from __future__ import annotations

from dataclasses import dataclass

from marshmallow.validate import OneOf

from shared.kernel.settings.declaration import NOT_NEGATIVE, POSITIVE, READABLE_FILE, InProduction, setting


@dataclass(frozen=True)
class BrokerSettings:
    """The broker, its topics and groups."""

    kafka: str = setting("SCORE_KAFKA", "127.0.0.1:19092", "Bootstrap addresses of the broker, comma separated")
    kafka_security: str = setting(
        "SCORE_KAFKA_SECURITY",
        "PLAINTEXT",
        "`PLAINTEXT` (one machine, loopback) or `SASL_SSL`: TLS with a verified certificate, and a login",
        check=OneOf(["PLAINTEXT", "SASL_SSL"]),
        production=InProduction(lambda protocol: protocol == "SASL_SSL", "set it to `SASL_SSL`"),
    )
    kafka_mechanism: str = setting(
        "SCORE_KAFKA_MECHANISM",
        "SCRAM-SHA-512",
        "How to log in",
        check=OneOf(["SCRAM-SHA-512", "SCRAM-SHA-256", "PLAIN"]),
    )
    kafka_user: str = setting(
        "SCORE_KAFKA_USER",
        "",
        "Who logs in: one principal per service (docs/grants.md)",
        per_service=True,
        production=InProduction(bool, "the principal of the service, as docs/grants.md names it"),
    )
    kafka_password: str = setting(
        "SCORE_KAFKA_PASSWORD",
        "",
        "Its password",
        secret=True,
        per_service=True,
        production=InProduction(bool, "the principal's password, best as a file's path in the variable with `_FILE`"),
    )
    kafka_ca_file: str = setting(
        "SCORE_KAFKA_CA_FILE",
        "",
        "Certificates that vouch for the brokers (PEM, path); empty for those of the system",
        check=READABLE_FILE,
    )
    metadata_max_age_ms: int = setting(
        "SCORE_METADATA_MAX_AGE_MS",
        3_000,
        "How old what a client knows of topics and partitions may be: new partitions are written to and read after it",
        check=POSITIVE,
    )
    topic_prefix: str = setting("SCORE_TOPIC_PREFIX", "", "Put before every topic and group name on the broker")
    topic_partitions: int = setting("SCORE_TOPIC_PARTITIONS", 3, "Partitions of an event topic", check=POSITIVE)
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
        "Retention of event topics; -1 keeps for ever: in production, and what `score up --kafka` chooses",
    )
    topic_retention_bytes: int = setting(
        "SCORE_TOPIC_RETENTION_BYTES",
        700_000,
        "Bytes kept per partition; -1 for no bound: in production, and what `score up --kafka` chooses",
    )
    contacts_compaction_ms: int = setting(
        "SCORE_CONTACTS_COMPACTION_MS",
        43_200_000,
        "Until the broker must have compacted away what was replaced or erased; half a day leaves room within the law's time",
        check=POSITIVE,
    )
    send_timeout_seconds: float = setting(
        "SCORE_SEND_TIMEOUT_SECONDS", 20.0, "Wait for the broker's acknowledgement", check=POSITIVE
    )
    session_timeout_ms: int = setting(
        "SCORE_SESSION_TIMEOUT_MS", 10_000, "A silent group member is given up after this", check=POSITIVE
    )
    max_poll_interval_ms: int = setting(
        "SCORE_MAX_POLL_INTERVAL_MS", 300_000, "Longest work between two polls", check=POSITIVE
    )
