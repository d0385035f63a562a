"""Settings of the web process."""

from __future__ import annotations

from dataclasses import dataclass

from shared.kernel.settings.declaration import NOT_NEGATIVE, POSITIVE, InProduction, setting

LEAST_SECRET = 32  # characters


@dataclass(frozen=True)
class WebSettings:
    """The web process, its API and its pages."""

    web_workers: int = setting("SCORE_WEB_WORKERS", 1, "gunicorn worker processes of one service", check=POSITIVE)
    web_threads: int = setting("SCORE_WEB_THREADS", 6, "Threads of one gunicorn worker", check=POSITIVE)
    web_timeout: int = setting(
        "SCORE_WEB_TIMEOUT", 30, "Seconds after which a stuck web worker is replaced", check=POSITIVE
    )
    proxies: tuple[str, ...] = setting(
        "SCORE_FORWARDED_ALLOW_IPS",
        (),
        "Addresses or networks of the proxies in front, comma separated: what they forward is believed, and their"
        " connections are not counted by address",
    )
    web_connections: int = setting(
        "SCORE_WEB_CONNECTIONS", 1_000, "Most connections of one gunicorn worker", check=POSITIVE
    )
    web_connections_per_address: int = setting(
        "SCORE_WEB_CONNECTIONS_PER_ADDRESS",
        100,
        "Most of these from one address that is no declared proxy; of IPv6 from one /64",
        check=POSITIVE,
    )
    web_header_seconds: float = setting(
        "SCORE_WEB_HEADER_SECONDS",
        20.0,
        "Seconds for the header of a request (Apache's RequestReadTimeout)",
        check=POSITIVE,
    )
    web_transfer_seconds: float = setting(
        "SCORE_WEB_TRANSFER_SECONDS",
        20.0,
        "Seconds for a body or an answer, longer as it moves on; and how long it may stand still (as above)",
        check=POSITIVE,
    )
    web_transfer_rate: int = setting(
        "SCORE_WEB_TRANSFER_RATE", 500, "Bytes that prolong this by a second (as above)", check=POSITIVE
    )
    web_buffer_bytes: int = setting(
        "SCORE_WEB_BUFFER_BYTES",
        65_536,
        "What of a body, or of an answer that a client has not taken, is kept in memory; more goes to a temporary file",
        check=POSITIVE,
    )
    web_chunks: int = setting(
        "SCORE_WEB_CHUNKS",
        16_384,
        "Most chunks of one body: each costs as much as kilobytes of content, however little it holds",
        check=POSITIVE,
    )
    web_chunk_framing_bytes: int = setting(
        "SCORE_WEB_CHUNK_FRAMING_BYTES",
        262_144,
        "Most bytes of one body that are no content: sizes and extensions of its chunks",
        check=POSITIVE,
    )
    addresses: dict[str, str] = setting(
        "SCORE_ADDRESSES",
        {},
        "Public address per service, `name=url,...`; default is the declared ports",
        production=InProduction(
            lambda urls: bool(urls) and all(url.startswith("https://") for url in urls.values()),
            "the https address of each service, `name=url,...`: letters and pages lead there, and no other name is answered",
        ),
    )
    inner_addresses: dict[str, str] = setting(
        "SCORE_INNER_ADDRESSES",
        {},
        "Address per service under which the services reach each other, `name=url,...`; default is the public one",
    )
    work_seconds: float = setting(
        "SCORE_WORK_SECONDS",
        1.5,
        "How long the first page after the sign-in waits for another service's part of it",
        check=POSITIVE,
    )
    hosts: tuple[str, ...] = setting(
        "SCORE_HOSTS",
        (),
        "Host names under which the services are reached, comma separated: the public ones and those that services use"
        " among themselves; the names in SCORE_ADDRESSES always are. Outside production localhost and bare addresses too",
    )
    hsts_seconds: int = setting(
        "SCORE_HSTS_SECONDS",
        31_536_000,
        "How long a browser that came by https comes by https only, subdomains too (OWASP ASVS 3.4.1: a year); 0 says nothing",
        check=NOT_NEGATIVE,
    )
    gzip_bytes: int = setting(
        "SCORE_GZIP_BYTES",
        1_000,
        "Answers for systems from this size on are compressed for who takes gzip: smaller ones fit one packet as they are",
        check=POSITIVE,
    )
    max_body_bytes: int = setting("SCORE_MAX_BODY_BYTES", 1_048_576, "Largest request body", check=POSITIVE)
    idempotency_days: int = setting(
        "SCORE_IDEMPOTENCY_DAYS", 30, "How long the answer to an Idempotency-Key is kept", check=POSITIVE
    )
    cookie_secret: str = setting(
        "SCORE_COOKIE_SECRET",
        "",
        "Key of what cookies carry, the same for all services; empty derives one",
        secret=True,
        production=InProduction(
            lambda secret: len(secret) >= LEAST_SECRET,
            f"{LEAST_SECRET} random characters or more, the same for all services",
        ),
    )
    operations_most_rows: int = setting(
        "SCORE_OPERATIONS_MOST_ROWS",
        5_000,
        "Most rows that the operations page lets send again at once; `score outbox republish` has no such bound",
        check=POSITIVE,
    )
