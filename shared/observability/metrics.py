"""Every metric of the platform, declared once, with its unit in its name.

Labels are few and bounded: no ids, no paths, no names of people, and nothing that a caller made up. With several gunicorn
workers prometheus-client's multiprocess mode is used; the configuration of gunicorn prepares its folder before this module
is imported.
"""

from __future__ import annotations

import contextlib
import os

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram, generate_latest, multiprocess

HTTP_REQUESTS = Counter("score_http_requests_total", "HTTP requests answered.", ["method", "route", "status"])
HTTP_DURATION = Histogram(
    "score_http_request_duration_seconds",
    "Time to answer an HTTP request.",
    ["method", "route"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)

IDEMPOTENT_REPLAYS = Counter(
    "score_idempotent_replays_total", "Repeated requests that got the first one's answer again.", ["operation"]
)

STORE_TRANSACTION = Histogram(
    "score_store_transaction_duration_seconds",
    "Time of a transaction of the store with its retries: committed, refused by a rule, failed at the store.",
    ["outcome"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
STORE_RETRIES = Counter(
    "score_store_retries_total", "Attempts at a transaction after its first: another one wrote the same."
)

OUTBOX_PENDING = Gauge(
    "score_outbox_pending",
    "Rows of the outbox not yet acknowledged by the broker.",
    ["topic"],
    multiprocess_mode="mostrecent",
)
OUTBOX_OLDEST = Gauge(
    "score_outbox_oldest_age_seconds",
    "Age of the oldest row not yet acknowledged.",
    ["topic"],
    multiprocess_mode="mostrecent",
)
RELAY_PUBLISHED = Counter("score_relay_published_total", "Rows acknowledged by the broker and marked.", ["topic"])
RELAY_FAILED = Counter("score_relay_failed_total", "Rows that the broker did not acknowledge.", ["topic"])
RELAY_RESENT = Counter(
    "score_relay_resent_total", "Rows sent again after a broker's loss or on request.", ["topic", "why"]
)
UNSEALED = Counter(
    "score_unsealed_total", "Control messages and epochs that no process of the platform sent: ignored.", ["what"]
)
RELAY_LEASE = Gauge(
    "score_relay_lease_held", "1 while this worker holds the relay's lease.", multiprocess_mode="mostrecent"
)

EVENTS_HANDLED = Counter(
    "score_events_handled_total",
    "Records taken from topics: applied, duplicate, ignored, parked.",
    ["group", "type", "outcome"],
)
EVENT_DURATION = Histogram(
    "score_event_batch_duration_seconds",
    "Time of one batch of records, its transaction included.",
    ["group"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
EVENT_DELAY = Histogram(
    "score_event_delay_seconds",
    "From when an event was recorded by its owner to when its effect was committed here.",
    ["group"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 3_600, 86_400),
)
BREAKER = Gauge(
    "score_group_breaker_open",
    "1 while a consumer group rests because too many records failed in a row.",
    ["group"],
    multiprocess_mode="mostrecent",
)
ASSIGNMENTS = Counter("score_group_rebalances_total", "Assignments of partitions to a consumer group here.", ["group"])
COMMITS_REFUSED = Counter(
    "score_group_commit_failures_total", "Offsets that the broker did not take: a rebalance came first.", ["group"]
)
CONSUMER_LAG = Gauge(
    "score_consumer_lag_events",
    "Records between a group's position and the log's end.",
    ["group"],
    multiprocess_mode="mostrecent",
)
CONSUMER_AGE = Gauge(
    "score_consumer_oldest_age_seconds",
    "Age of the record last taken, 0 when caught up.",
    ["group"],
    multiprocess_mode="mostrecent",
)
GROUP_ASSIGNED = Gauge(
    "score_group_assigned", "1 while a consumer group has its partitions.", ["group"], multiprocess_mode="mostrecent"
)
PARKED = Gauge("score_parked_keys", "Records parked in this service.", ["reason"], multiprocess_mode="mostrecent")
PARKED_OLDEST = Gauge(
    "score_parked_oldest_age_seconds",
    "Age of the record that has been parked the longest, 0 where none is.",
    ["reason"],
    multiprocess_mode="mostrecent",
)

ERASURES_OVERDUE = Gauge(
    "score_erasures_overdue",
    "Erased people whose copies a service has not said to be gone in time.",
    ["holder"],
    multiprocess_mode="mostrecent",
)
LETTERS = Counter("score_letters_total", "Letters by the state they reached.", ["state"])
TIMER_RUNS = Counter("score_timer_runs_total", "Runs of a timer.", ["timer", "outcome"])
TIMER_SUCCESS = Gauge(
    "score_timer_last_success_timestamp_seconds",
    "When a timer last ended well, as seconds since 1970.",
    ["timer"],
    multiprocess_mode="mostrecent",
)
BUILD = Gauge(
    "score_build_info", "Version of the running code.", ["service", "version"], multiprocess_mode="mostrecent"
)


def of_group(gauge: Gauge, group: str) -> float | None:
    """Return what this process last noted of a consumer group, None where it has noted nothing."""
    samples = (sample for metric in gauge.collect() for sample in metric.samples)
    return next((sample.value for sample in samples if sample.labels.get("group") == group), None)


def forget_group(group: str) -> None:
    """Drop the metrics of a group that is no more."""
    for gauge in (CONSUMER_LAG, CONSUMER_AGE, GROUP_ASSIGNED, BREAKER):
        with contextlib.suppress(KeyError):  # it ended before it had one
            gauge.remove(group)


def scrape() -> bytes:
    registry: CollectorRegistry = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)
