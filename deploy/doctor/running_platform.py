"""Looks at the running platform for the doctor: engines, topics, migrations, services, groups, outboxes.

All looks are taken at the same time, so that their lines tell of one moment and a slow part does not hold up the rest.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from deploy.doctor.finding import Finding, note, well, wrong
from deploy.platform.declarations import expected_topics
from deploy.platform.health import metrics, readiness
from deploy.platform.plan import Plan
from deploy.runner.engines import ping_store
from shared.kernel.service import Service
from shared.kernel.settings.current import settings
from shared.messaging.kafka.probe import reach_broker

PING_SECONDS = 5.0
CHECK_SECONDS = 30.0
TIMED_OUT = -1
OLD_SECONDS = 60.0  # an outbox that is older than this in a healthy stack does not move


def examine(plan: Plan) -> Iterator[Finding]:
    looks: list[Callable[[], Iterator[Finding]]] = [
        partial(_store, plan),
        partial(_broker, plan),
        *(partial(_service, plan, service) for service in plan.services),
    ]
    with ThreadPoolExecutor(max_workers=len(looks)) as pool:
        for findings in pool.map(lambda look: list(look()), looks):
            yield from findings


def _store(plan: Plan) -> Iterator[Finding]:
    if missing := ping_store(plan.mongo_url, PING_SECONDS):
        yield wrong("store", f"{missing} within {PING_SECONDS:.0f} s",
                    "the runner replaces a store that hangs within half a minute; else: score up")  # fmt: skip
        return
    yield well("store", "answers")
    code, words = _checked(plan, "stores")
    if code == TIMED_OUT:
        yield wrong("migrations", words, "the machine or the store is busy: ask again")
    elif code:
        lacking = "; ".join(words.splitlines()[-3:])
        yield wrong("migrations", lacking, "python -m deploy.migrate (score up does it at its start)")
    else:
        yield well("migrations", "none pending")


def _broker(plan: Plan) -> Iterator[Finding]:
    if unreachable := reach_broker(plan.kafka_addresses):
        yield wrong("broker", unreachable, "people can work on; events wait in the outboxes until it is back")
    else:
        yield from _topics_and_groups(plan)


def _topics_and_groups(plan: Plan) -> Iterator[Finding]:
    from kafka.errors import KafkaError  # 300 ms, only needed when there is a broker to ask

    from deploy.platform.eviction import look
    from shared.access.suspensions import groups_of

    expected, prefix = expected_topics(plan.services), settings().topic_prefix
    groups = [group for service in plan.services for group in groups_of(service)]
    reading = {prefix + group.group: [prefix + topic for topic in group.topics] for group in groups}
    try:
        topics, dead, unread = look(plan.kafka_addresses, reading, PING_SECONDS)
    except (KafkaError, OSError) as reason:
        advice = "restart it; with SASL_SSL: do SCORE_KAFKA_USER, its password and SCORE_KAFKA_CA_FILE fit it?"
        yield wrong("broker", f"accepts connections but does not work ({type(reason).__name__})", advice)
        return
    missing = sorted(name for name in (*expected.events, *expected.compacted) if prefix + name not in topics)
    if missing:
        yield wrong("topics", f"missing: {', '.join(missing)}", "python -m deploy.migrate (score up does it)")
    else:
        yield well("broker", f"answers, {len(topics)} topics")
        yield _forgetting(plan)
    if dead:
        names = ", ".join(sorted({f"{member.group} (pid {member.pid})" for member in dead}))
        yield wrong("groups", f"dead members hold partitions: {names}", "restart: score up evicts a worker that dies")
    if unread:
        names = "; ".join(f"{group}: {', '.join(places)}" for group, places in sorted(unread.items()))
        yield wrong("partitions", f"nobody reads {names}", "ask again in ten seconds; then restart: score up")
    if not dead and not unread:
        yield well("groups", "no dead members, every partition is read")


def _forgetting(plan: Plan) -> Finding:
    """Look whether the broker will forget whom the platform has erased."""
    code, words = _checked(plan, "topics")
    if code == TIMED_OUT:
        return wrong("erased people", f"the broker {words}", "ask again")
    if code:
        return wrong("erased people", f"topics keep them: {'; '.join(words.splitlines()[-3:])}",
                     "python -m deploy.migrate sets it (score up does it at its start)")  # fmt: skip
    return well("erased people", "topics of parties are compacted in time")


def _checked(plan: Plan, what: str) -> tuple[int, str]:
    """Run a check of `deploy.migrate`; return how it ended, or `TIMED_OUT`, and what it said."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "deploy.migrate", "check", what], cwd=plan.folder, env=plan.environment(), capture_output=True,
            text=True, check=False, timeout=CHECK_SECONDS,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return TIMED_OUT, f"did not answer within {CHECK_SECONDS:.0f} s"
    return done.returncode, (done.stdout + done.stderr).strip()


def _service(plan: Plan, service: Service) -> Iterator[Finding]:
    for verb, port in (("web", plan.web_port(service)), ("worker", plan.metrics_port(service))):
        health = readiness(port)
        if health.ready:
            yield well(f"{service.name} {verb}", "ready")
        else:
            yield wrong(f"{service.name} {verb}", health.words, "its last lines in the runner's output say why")
    told = metrics(plan.metrics_port(service))
    age, parked = told.get("score_outbox_oldest_age_seconds", 0.0), told.get("score_parked_keys", 0.0)
    if age > OLD_SECONDS:
        yield wrong(f"{service.name} outbox", f"its oldest event has waited for {age:.0f} s",
                    f"is the broker well, and does the {service.name} worker hold its lease?")  # fmt: skip
    if parked:
        yield note(f"{service.name} parked", f"{parked:.0f} events wait", "score parked list says for what")
