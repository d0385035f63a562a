"""Makes everything that the processes need before any of them starts: collections, indexes, migrations, topics.

One process does it all, one service after the other: two connections that create a collection at once can hang the
embedded store for good.
"""

from __future__ import annotations

from deploy.platform.declarations import declarations
from shared.contracts.control import CONTROL_TOPIC
from shared.contracts.parties import OWNERS, contacts_topic
from shared.messaging.kafka.topics import Topics
from shared.observability import logs
from shared.process.collections import collections_of
from shared.storage import connection, migrations


def migrate() -> None:
    services = declarations()
    for service in services:
        connection.connect(service.name)
        applied = migrations.migrate(service, collections_of(service))
        print(f"{service.name}: collections and indexes are there, {len(applied)} migrations applied", flush=True)
    connection.disconnect()
    topics = Topics()
    try:
        made = topics.create(
            events=[*(service.event_topic for service in services), CONTROL_TOPIC],
            compacted=[contacts_topic(owner) for owner in OWNERS],
        )
    finally:
        topics.close()
    print(f"topics: {len(made)} made", flush=True)


if __name__ == "__main__":
    logs.configure("score", "migrate")
    migrate()
