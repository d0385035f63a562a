"""Topics are as declared, also those that were made otherwise, and the doctor's look says which would not forget in time."""

from __future__ import annotations

from contextlib import closing

from kafka import KafkaAdminClient
from kafka.admin import ConfigResource, ConfigResourceType

from deploy import migrate
from shared.contracts.catalogue import compacted_topics
from shared.contracts.parties import CONTACTS
from shared.kernel.settings.current import settings
from shared.messaging.kafka.cluster import physical
from shared.messaging.kafka.topics import Topics
from tests.support.engines import environment
from tests.support.waiting import until

COMPACTED = compacted_topics(CONTACTS.owners)


def test_topics_that_would_not_forget_in_time_are_found_and_set_right(broker, capsys) -> None:
    with closing(Topics()) as topics:
        topics.create(events=[], compacted=COMPACTED)
    with environment(SCORE_CONTACTS_COMPACTION_MS="600000"), closing(Topics()) as topics:
        assert topics.differing(COMPACTED) == {
            name: {"segment.ms": "21600000", "max.compaction.lag.ms": "43200000"} for name in COMPACTED
        }
        assert migrate.check("topics") == 1
        assert (
            "score.contacts.finance has segment.ms 21600000, max.compaction.lag.ms 43200000" in capsys.readouterr().out
        )
        assert topics.create(events=[], compacted=COMPACTED) == []
        until(lambda: topics.differing(COMPACTED) == {}, "every broker knows")
        assert migrate.check("topics") == 0


def test_a_topic_that_came_into_being_by_use_gets_what_was_declared(broker) -> None:
    """As a broker makes one that has lost its data under living clients: one partition, kept as it pleases."""
    name = physical("score.finance")
    with closing(KafkaAdminClient(bootstrap_servers=broker.address)) as admin, closing(Topics()) as topics:

        def partitions() -> int:
            return len(admin.describe_topics([name])[0]["partitions"])

        admin.delete_topics([name])
        until(lambda: name not in topics.existing(), "every broker knows it is gone")
        admin.create_topics({name: {"num_partitions": 1, "replication_factor": 1}})
        until(lambda: partitions() == 1, "every broker knows it as it was made")
        assert topics.create(events=["score.finance"], compacted=[]) == []
        until(lambda: partitions() == settings().topic_partitions, "it has its partitions")
        options = admin.describe_configs([ConfigResource(ConfigResourceType.TOPIC, name)])["topic"][name]
        assert options["retention.ms"]["value"] == str(settings().topic_retention_ms)
        assert options["retention.bytes"]["value"] == str(settings().topic_retention_bytes)
