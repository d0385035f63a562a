"""Looks at the running platform for the doctor: engines, topics, migrations, services, groups, outboxes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from deploy.doctor.finding import Finding, note, well, wrong
from deploy.platform.declarations import expected_topics
from deploy.platform.health import metric, readiness
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
    missing = ping_store(plan.mongo_url, PING_SECONDS)
    if missing:
        yield wrong("store", f"{missing} within {PING_SECONDS:.0f} s",
                    "the runner replaces a store that hangs within half a minute; else: score up")  # fmt: skip
    else:
        yield well("store", "answers")
        yield from _migrations(plan)
    unreachable = reach_broker(plan.kafka_addresses)
    if unreachable:
        yield wrong("broker", unreachable, "people can work on; events wait in the outboxes until it is back")
    else:
        yield from _broker(plan)
    for service in plan.services:
        yield from _service(plan, service)


def _migrations(plan: Plan) -> Iterator[Finding]:
    with ThreadPoolExecutor(max_workers=2) as pool:
        answers = list(pool.map(lambda service: _checked(plan, f"services.{service.name}"), plan.services))
    failed = [
        wrong(f"{service.name} store", words.splitlines()[-1] if words else f"check ended with {code}",
              "the machine or the store is busy: ask again" if code == TIMED_OUT
              else f"python -m services.{service.name} migrate (score up does it at its start)")
        for service, (code, words) in zip(plan.services, answers, strict=True) if code != 0
    ]  # fmt: skip
    yield from failed or [well("migrations", "none pending")]


def _broker(plan: Plan) -> Iterator[Finding]:
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
    code, words = _checked(plan, "deploy.migrate")
    if code == TIMED_OUT:
        return wrong("erased people", f"the broker {words}", "ask again")
    if code:
        return wrong("erased people", f"topics keep them: {'; '.join(words.splitlines()[-3:])}",
                     "python -m deploy.migrate sets it (score up does it at its start)")  # fmt: skip
    return well("erased people", "topics of parties are compacted in time")


def _checked(plan: Plan, module: str) -> tuple[int, str]:
    """Run a module's `check`; return how it ended, or `TIMED_OUT`, and what it said."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", module, "check"], cwd=plan.folder, env=plan.environment(), capture_output=True,
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
    port = plan.metrics_port(service)
    age, parked = metric(port, "score_outbox_oldest_age_seconds"), metric(port, "score_parked_keys")
    if age is not None and age > OLD_SECONDS:
        yield wrong(f"{service.name} outbox", f"its oldest event has waited for {age:.0f} s",
                    f"is the broker well, and does the {service.name} worker hold its lease?")  # fmt: skip
    if parked:
        yield note(f"{service.name} parked", f"{parked:.0f} events wait", "score parked list says for what")
