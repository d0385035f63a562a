"""`python -m tests.resilience.kafka`: what is proved on Apache Kafka, one step after the other, as `make kafka-test` runs it.

The first step has brokers of its own, which it kills; the others share a cluster that is started for them and ends with
them. Every step is run, whatever became of the one before. Exit code 1 when any failed, with their names.
"""

from __future__ import annotations

import argparse
import logging
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from deploy.kafka.cluster import Cluster
from deploy.runner.console import Console
from tests.resilience.kafka.brokers import free_base
from tests.support.engines import CLUSTER

PYTEST = ("-m", "pytest", "-q")
# `faults` tests wipe embedded brokers, or share a group between workers: the latter is steady here
ON_THE_CLUSTER = (*PYTEST, "-n", "2", "--dist", "loadgroup", "-m", "not kafka")
USE_A_BROKER = ("tests/platform/messaging", "tests/platform/process")
# what a build leaves out: slow tests of which it runs a sibling
SLOW_TWINS = ("open_segment", "coordinator_of_the_group", "after_poll")
MESSAGING = (
    "inbox/test_consumer.py", "inbox/test_dealt_anew.py", "inbox/test_inbox_ports.py", "inbox/test_stored_parties.py",
    "kafka", "outbox/test_outbox_ports.py", "outbox/test_resend.py",
)  # fmt: skip
Step = tuple[str, ...]


def of_its_own(*, reduced: bool, page: bool) -> dict[str, Step]:
    """Steps that start their own brokers."""
    if reduced:
        tests = (f"tests/resilience/kafka/test_{name}.py" for name in ("conformance", "grants", "groups", "platform"))
        chosen = " and not ".join(("apache", *SLOW_TWINS))
        return {"the brokers": (*PYTEST, *tests, "-m", "kafka", "-k", chosen)}
    return {"the brokers": (*PYTEST, "tests/resilience/kafka", "-m", "kafka", *(["--brokers-page"] if page else []))}


def on_one_cluster(addresses: str, *, reduced: bool) -> dict[str, Step]:
    if reduced:
        return {"messaging": (*ON_THE_CLUSTER, *(f"tests/platform/messaging/{name}" for name in MESSAGING))}
    return {
        "integration": (*ON_THE_CLUSTER, *USE_A_BROKER),
        "a journey": (*PYTEST, "-n", "0", "tests/journeys"),
        "kill tests": ("-m", "tests.resilience.faults", "--kafka", addresses),
    }


def run(steps: Mapping[str, Step], told: list[tuple[str, int, float]], **environment: str) -> None:
    for name, arguments in steps.items():
        print(f"=== {name}: python {' '.join(arguments)}", flush=True)
        began = time.monotonic()
        done = subprocess.run([sys.executable, *arguments], env=os.environ | environment, check=False)
        told.append((name, done.returncode, time.monotonic() - began))


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.resilience.kafka", description=__doc__)
    parser.add_argument("--reduced", action="store_true", help="what a build runs: minutes, not a quarter of an hour")
    parser.add_argument("--page", action="store_true", help="write docs/brokers.md from what the run saw")
    asked = parser.parse_args()
    told: list[tuple[str, int, float]] = []
    logging.getLogger("kafka").setLevel(logging.CRITICAL)  # it tells of every connection that is refused meanwhile
    run(of_its_own(reduced=asked.reduced, page=asked.page), told)
    with (
        tempfile.TemporaryDirectory(prefix="score-kafka-") as folder,
        (Path(folder) / "cluster.log").open("w", encoding="utf-8") as log,
        Cluster(Path(folder), port_base=free_base(3), console=Console(log)) as cluster,
    ):
        run(on_one_cluster(cluster.addresses, reduced=asked.reduced), told, **{CLUSTER: cluster.addresses})
    for name, code, seconds in told:
        print(f"{'failed' if code else 'passed'}  {seconds:5.0f} s  {name}")
    return 1 if any(code for _, code, _ in told) else 0


if __name__ == "__main__":
    sys.exit(main())
