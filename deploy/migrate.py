"""Makes everything that the processes need before any of them starts: collections, indexes, migrations, topics.

One process does it all, one service after the other: two connections that create a collection at once can hang the
embedded store for good. `python -m deploy.migrate check` looks whether the compacted topics forget as they should.
"""

from __future__ import annotations

import sys
from contextlib import closing

from deploy.platform.declarations import declarations, expected_topics
from shared.kernel.settings import production
from shared.messaging.kafka.topics import Topics
from shared.observability import logs
from shared.process.collections import collections_of
from shared.storage import connection, migrations


def migrate() -> None:
    production.require(production.BESIDE_SERVICES)
    services = declarations()
    for service in services:
        connection.connect(service.name)
        applied = migrations.migrate(service, collections_of(service))
        print(f"{service.name}: collections and indexes are there, {len(applied)} migrations applied", flush=True)
    connection.disconnect()
    with closing(Topics()) as topics:
        made = topics.create(*expected_topics(services))
    print(f"topics: {len(made)} made", flush=True)


def check() -> int:
    """Say which topics would not forget what was erased; the exit code is 1 where there is one."""
    with closing(Topics()) as topics:
        differing = topics.differing(expected_topics(declarations()).compacted)
    for name, options in differing.items():
        print(f"{name} has {', '.join(f'{option} {value}' for option, value in options.items())}")
    return 1 if differing else 0


if __name__ == "__main__":
    logs.configure("score", "migrate")
    if sys.argv[1:] == ["check"]:
        sys.exit(check())
    migrate()
