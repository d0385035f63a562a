"""Records that no relay of the platform would send, written into its topics by a plain client."""

from __future__ import annotations

import uuid
from typing import Any

from kafka import KafkaProducer

from tests.resilience.faults.checker.log import header
from tests.resilience.faults.garbage import (
    REGISTERED,
    Stranger,
    headers_of,
    misfits,
    registered,
    strangers,
    with_a_long_id,
)
from tests.resilience.faults.schedule import Scenario, Stage
from tests.support.waiting import until

TOPIC = "score.enrollment"
READ_IT = ("consulting.scope", "notifications.letters", "reporting.results")  # the groups that act on it
HUGE = 900_000
TOPICS = (TOPIC, "score.consulting", "score.certification", "score.finance")
STRANGERS = dict.fromkeys(TOPICS, 14)  # all ways, on each topic
MISFITS = 24


class Pen:
    """Writes into the topics of the platform."""

    def __init__(self, stage: Stage) -> None:
        self._prefix = f"{stage.platform.prefix}."
        self._producer = KafkaProducer(
            bootstrap_servers=stage.ground.broker.addresses.split(","), acks="all", max_request_size=2_000_000
        )

    def write(self, topic: str, **record: Any) -> tuple[int, int]:
        """Where it is now: partition and offset."""
        done = self._producer.send(self._prefix + topic, **record).get(timeout=30)
        return done.partition, done.offset

    def partitions(self, topic: str) -> int:
        """One, where the embedded broker made a topic by itself because a relay asked for it while it was deleted."""
        return len(self._producer.partitions_for(self._prefix + topic))

    def close(self) -> None:
        self._producer.close(timeout=5)


def garbage(stage: Stage) -> None:
    """Records that are wrong in every way, each way more than once: each is kept aside, and everything goes on.

    Between two that only their content makes unfit there is one that is applied: many failures in a row would look like a
    bad release, and stop the group.
    """
    pen = Pen(stage)
    stage.drive(4)
    for topic, many in STRANGERS.items():
        for number, one in enumerate(strangers(stage.random, many)):
            _write_stranger(stage, pen, one, topic, number % pen.partitions(topic))
    fellows = set()
    for one in misfits(stage.random, MISFITS):
        fellows.add(fellow := str(uuid.uuid4()))
        pen.write(TOPIC, partition=0, key=one.key.encode(), value=one.value, headers=one.headers)
        later = registered(fellow, greeting="hello")
        pen.write(TOPIC, partition=0, key=fellow.encode(), value=later, headers=headers_of(fellow, REGISTERED, 1))
        stage.planted.keys |= {one.key, fellow}
        stage.planted.record(list(READ_IT), TOPIC, one.key, 1)
        stage.faults[f"garbage: {one.what}"] += 1
    huge = pen.write(TOPIC, value=stage.random.randbytes(HUGE), partition=0)
    stage.planted.garbage(stage.hearing(TOPIC), TOPIC, *huge)
    stage.faults["garbage: 900 kB of bytes"] += 1
    stage.drive(6)
    until(lambda: fellows <= _ids(stage, "consulting", "enterprise_scopes"), "what stood between is applied")
    for topic in STRANGERS:
        for partition in range(pen.partitions(topic)):
            _write_stranger(stage, pen, with_a_long_id(stage.random), topic, partition)
    pen.close()


def _write_stranger(stage: Stage, pen: Pen, one: Stranger, topic: str, partition: int) -> None:
    place = pen.write(topic, partition=partition, key=one.key, value=one.value, headers=one.headers)
    stage.planted.garbage(stage.hearing(topic), topic, *place)
    stage.faults[f"garbage: {one.what}"] += 1


def from_a_newer_release(stage: Stage) -> None:
    """A field more is skipped, an unknown type passed over, another major version kept until this release is upgraded."""
    pen = Pen(stage)
    minor, unknown, major = (str(uuid.uuid4()) for _ in range(3))
    stage.planted.keys |= {minor, unknown, major}
    stage.planted.record(list(READ_IT), TOPIC, major, 1)
    pen.write(
        TOPIC, key=minor.encode(), headers=headers_of(minor, REGISTERED, 1), value=registered(minor, greeting="hello")
    )
    other = "id.score.enrollment.greeting_sent.v1"
    pen.write(TOPIC, key=unknown.encode(), headers=headers_of(unknown, other, 1), value=b'{"to": "everybody"}')
    newer = REGISTERED.replace(".v1", ".v2")
    pen.write(TOPIC, key=major.encode(), headers=headers_of(major, newer, 1), value=registered(major))
    pen.close()
    stage.faults["newer minor, unknown type, newer major"] += 3
    stage.drive(4)
    until(lambda: minor in _ids(stage, "consulting", "enterprise_scopes"), "the newer minor is applied")
    until(lambda: minor in _ids(stage, "reporting", "enterprise_results"), "the newer minor is counted")
    until(lambda: {unknown, major} <= _keys(stage, "finance.billing"), "who does not read the type moves on")
    row = f"consulting.scope|{TOPIC}|{major}|1"
    until(lambda: row in stage.store.parked("consulting"), "the newer major is parked")
    stage.hold(major not in _ids(stage, "consulting", "enterprise_scopes"), "the newer major was applied")
    given_up = stage.platform.discard_parked(row)
    stage.hold(given_up.returncode == 0, f"parked discard: {given_up.stdout}{given_up.stderr}")
    stage.planted.parked.discard(row)


def another_body(stage: Stage) -> None:
    """The same place of a key's history with another body is refused and shown; the first one stands."""
    stage.clients.give(stage.stream.institution())
    enterprise = stage.stream.enterprise()
    stage.clients.give(enterprise)
    key = stage.clients.history.ids[enterprise.name]
    stage.rest()
    pen = Pen(stage)
    headers = headers_of(key, REGISTERED, 1)
    pen.write(TOPIC, key=key.encode(), headers=headers, value=registered(key, province="ID-PA"))
    pen.close()
    stage.planted.record(stage.hearing(TOPIC), TOPIC, key, 1, dict(headers)["ce_id"].decode())
    stage.faults["same sequence, another body"] += 1
    stage.drive(4)


def late_duplicates(stage: Stage) -> None:
    """Records of long ago come once more, also one whose effect was taken back since: nothing changes."""
    stage.clients.give(stage.stream.institution())
    stage.clients.give(stage.stream.enterprise())
    commands = stage.stream.delivery(invoiced=False)[:3]
    for command in (*commands, stage.stream.reversal(commands[0].name)):
        stage.clients.give(command)
    stage.rest()
    taken_back = stage.clients.history.ids[commands[0].name]
    records = stage.log.records(TOPIC)
    again = [record for record in records if header(record, "ce_subject") == taken_back][2:3]
    genuine = [record for record in records if header(record, "scoreepoch")]
    again += stage.random.sample(genuine, min(stage.size, len(genuine)))
    pen = Pen(stage)
    for record in again:
        pen.write(TOPIC, key=record.key, value=record.value, headers=record.headers)
        stage.faults["late duplicate"] += 1
    pen.close()
    stage.drive(4)


def cause_after_effect(stage: Stage) -> None:
    """An invoice's letter is due before the payer's address has arrived from another topic: it waits, and goes on."""
    worker = "notifications worker 0"
    stage.clients.give(stage.stream.institution())
    stage.fleet.restart(worker, "cons.after_poll@notifications.addresses:1:sleep=9")
    stage.fleet.await_ready(worker)
    enterprise = stage.stream.enterprise()
    stage.clients.give(enterprise)
    for command in stage.stream.delivery(invoiced=True):
        stage.clients.give(command)
    key = stage.clients.history.ids[enterprise.name]
    until(
        lambda: _letter_states(stage, key) == ["waiting_for_contact"], lambda: f"it waits: {_letter_states(stage, key)}"
    )
    stage.faults["cause after effect"] += 1
    until(lambda: _letter_states(stage, key) == ["queued"], lambda: f"it goes on: {_letter_states(stage, key)}")


def _letter_states(stage: Stage, recipient: str) -> list[str]:
    rows = stage.store.rows("notifications", "letters")
    return [
        row["state"] for row in rows if str(row["recipient_id"]) == recipient and row["template"] == "invoice_issued"
    ]


def _ids(stage: Stage, service: str, collection: str) -> set[str]:
    return {str(row["_id"]) for row in stage.store.rows(service, collection)}


def _keys(stage: Stage, group: str) -> set[str]:
    return {key for _, key in stage.store.cursors(group.partition(".")[0], group)}


SCENARIOS = (
    Scenario("garbage", ("F18",), garbage),
    Scenario("from-a-newer-release", ("F20",), from_a_newer_release),
    Scenario("same-sequence-another-body", ("F22",), another_body),
    Scenario("late-duplicates", ("F21",), late_duplicates),
    Scenario("cause-after-effect", ("F23",), cause_after_effect),
)
