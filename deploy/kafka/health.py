"""Says whether a cluster is whole: asks through the protocol, answers in words, never raises."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from shared.messaging.kafka.probe import reach_broker


def missing(addresses: str, brokers: int, login: Mapping[str, Any], timeout: float = 5.0) -> str | None:
    """Return None when all brokers are there, all controllers follow one leader and replicas are in sync, else the defects."""
    from kafka.admin import KafkaAdminClient  # 300 ms that `--help` should not pay
    from kafka.errors import KafkaError

    for address in addresses.split(","):  # cheaper than a client, and most of a start is spent here
        if (words := reach_broker(address)) is not None:
            return words
    wait = int(timeout * 1000)
    try:
        admin = KafkaAdminClient(
            bootstrap_servers=addresses.split(","),
            client_id="score-kafka",
            request_timeout_ms=wait,
            bootstrap_timeout_ms=wait,
            **login,
        )
    except (KafkaError, OSError) as reason:
        return f"no broker answers ({type(reason).__name__})"
    try:
        return next(_defects(admin, brokers), None)
    except (KafkaError, OSError) as reason:
        return f"the cluster does not answer ({type(reason).__name__})"
    finally:
        admin.close()


def _defects(admin: Any, brokers: int) -> Iterator[str]:
    registered = sorted(broker["broker_id"] for broker in admin.describe_cluster()["brokers"])
    if len(registered) < brokers:
        yield f"only brokers {registered} of {brokers} are registered"
    (quorum,) = admin.describe_metadata_quorum()["topics"][0]["partitions"]
    if quorum["leader_id"] < 0:
        yield "the controllers have no leader"
    reached = [voter["replica_id"] for voter in quorum["current_voters"] if voter["log_end_offset"] >= 0]
    if len(reached) < brokers:
        yield f"only controllers {sorted(reached)} of {brokers} follow their leader"
    yield from out_of_sync(admin)


def out_of_sync(admin: Any) -> Iterator[str]:
    """Name the partitions that lack a replica."""
    names = admin.list_topics()
    for topic in admin.describe_topics(names) if names else ():
        for partition in topic["partitions"]:
            lacking = set(partition["replica_nodes"]) - set(partition["isr_nodes"])
            if lacking:
                yield f"{topic['name']}/{partition['partition_index']} is not in sync on {sorted(lacking)}"
