"""Makes everything that the processes need before any of them starts: collections, indexes, migrations, topics.

One process does it all, one service after the other: two connections that create a collection at once can hang the
embedded store for good. `python -m deploy.migrate topics` makes the topics alone, for a broker that has lost them;
`check stores` and `check topics` look whether something is left to do.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing

from deploy.platform.declarations import declarations, expected_topics
from shared.kernel.settings import production
from shared.messaging.kafka.topics import Topics
from shared.observability import logs
from shared.process.collections import collections_of
from shared.storage import connection, migrations


def migrate() -> None:
    production.require(production.BESIDE_SERVICES)
    for service in declarations():
        connection.connect(service.name)
        applied = migrations.migrate(service, collections_of(service))
        print(f"{service.name}: collections and indexes are there, {len(applied)} migrations applied", flush=True)
    connection.disconnect()
    make_topics()


def make_topics() -> None:
    with closing(Topics()) as topics:
        made = topics.create(*expected_topics(declarations()))
    print(f"topics: {len(made)} made", flush=True)


def what_stores_lack() -> Iterator[str]:
    """Yield in words each collection, index and migration that a service lacks."""
    production.require(production.BESIDE_SERVICES)
    for service in declarations():
        connection.connect(service.name)
        for problem in migrations.problems(service, collections_of(service)):
            yield f"{service.name} lacks {problem}"
    connection.disconnect()


def what_topics_keep() -> Iterator[str]:
    """Yield in words each topic that would not forget what was erased."""
    with closing(Topics()) as topics:
        differing = topics.differing(expected_topics(declarations()).compacted)
    for name, options in differing.items():
        yield f"{name} has {', '.join(f'{option} {value}' for option, value in options.items())}"


LOOKS = {"stores": what_stores_lack, "topics": what_topics_keep}


def check(what: str) -> int:
    """Say what is left to do; the exit code is 1 where there is something."""
    found = list(LOOKS[what]())
    print(*found, sep="\n", flush=True)
    return 1 if found else 0


if __name__ == "__main__":
    logs.configure("score", "migrate")
    match sys.argv[1:]:
        case []:
            migrate()
        case ["topics"]:
            make_topics()
        case ["check", ("stores" | "topics") as what]:
            sys.exit(check(what))
        case _:
            sys.exit("usage: python -m deploy.migrate [topics | check stores | check topics]")
