"""Groups that come when the history is long: while the log holds it, and when retention has dropped it."""

from __future__ import annotations

from kafka import TopicPartition
from kafka.admin import KafkaAdminClient, MemberToRemove

from tests.resilience.faults.checker.subscriptions import COMPACTED, OWNERS
from tests.resilience.faults.ground import NEWCOMER
from tests.resilience.faults.schedule import Scenario, Stage

REBUILT = {
    # all write the row of an enterprise: where it is gone, each has to make its part of it again
    "consulting": {
        "consulting.scope": ["enterprise_scopes"],
        "consulting.commitments": [],
        "consulting.required_visits": ["visits"],
    },
    NEWCOMER: {
        f"{NEWCOMER}.partners": ["partners"],
        f"{NEWCOMER}.suspensions": ["suspended_institutions", "references"],
        f"{NEWCOMER}.names": ["contacts"],
    },
}


def newcomer(stage: Stage) -> None:
    """A service that was never run reads the whole log."""
    stage.drive(6)
    stage.rest()
    stage.platform.serve(NEWCOMER)
    stage.faults["new groups"] += 1
    stage.drive(4)


def after_retention(stage: Stage) -> None:
    """Retention has dropped everything: a group that begins anew is given the history by its owner."""
    stage.drive(6)
    stage.rest()
    _drop_all(stage)
    for service, groups in REBUILT.items():
        if service in stage.platform.services:
            _begin_anew(stage, service, groups)
    stage.drive(4)


def _begin_anew(stage: Stage, service: str, groups: dict[str, list[str]]) -> None:
    """What a group that never was, and one that is rebuilt, have in common: no memory, no offsets, no rows."""
    worker = f"{service} worker 0"
    stage.fleet.end(worker)
    for group, rows in groups.items():
        stage.store.forget_group(service, group, rows)
    _delete_groups(stage, [f"{stage.platform.prefix}.{group}" for group in groups])
    for group in groups:
        stage.watch.forget(group)
    stage.hold(not any(stage.committed(*groups).values()), "the broker still knows their offsets")
    stage.planted.parked = {row for row in stage.planted.parked if row.partition("|")[0] not in groups}
    stage.fleet.start(worker)
    stage.faults["groups begun anew after retention"] += len(groups)


def _delete_groups(stage: Stage, names: list[str]) -> None:
    """A static member does not leave when it ends, and no broker deletes a group with members."""
    admin = _admin(stage)
    for name, told in admin.describe_groups(names).items():
        members = [MemberToRemove(member_id=one["member_id"]) for one in told["members"]]
        if members:
            admin.remove_group_members(name, members)
    admin.delete_groups(names)
    admin.close()


def _drop_all(stage: Stage) -> None:
    topics = [f"score.{owner}" for owner in OWNERS]
    if stage.ground.broker.own:  # Apache Kafka takes nothing out of a topic that is compacted and kept for ever
        topics += COMPACTED
    for topic in topics:
        stage.past |= stage.log.event_ids(topic)
    ends = {
        TopicPartition(f"{stage.platform.prefix}.{topic}", partition): end
        for (topic, partition), (_, end) in stage.log.bounds(topics).items()
    }
    admin = _admin(stage)
    admin.delete_records(ends)
    admin.close()
    left = [place for place, (start, end) in stage.log.bounds(topics).items() if start < end]
    stage.hold(len(left) < len(ends), "retention dropped nothing")


def _admin(stage: Stage) -> KafkaAdminClient:
    return KafkaAdminClient(bootstrap_servers=stage.ground.broker.addresses.split(","))


SCENARIOS = (Scenario("new-groups", ("F27",), newcomer),)
LAST = (Scenario("groups-begun-anew-after-retention", ("F27",), after_retention),)
