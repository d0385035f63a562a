"""Who judges the fault runs knows nothing of the code it judges, and what it knows by heart is still so."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from shared.access.suspensions import groups_of
from shared.contracts.catalogue import COMPACTED, compacted_topics
from shared.contracts.reference import REFERENCE
from shared.contracts.samples import sample
from shared.kernel.service import ROOT, declared
from shared.messaging.copies import collection_of
from shared.messaging.outbox.compacted import OUTBOXES
from tests.resilience.faults import checker, mutants
from tests.resilience.faults.checker import state_snapshot, subscriptions

SERVICES = declared()
NAMES = [service.name for service in SERVICES]
LOADED = """
import importlib, sys
for name in sys.argv[1:]:
    importlib.import_module(name)
print(sorted(name for name in sys.modules if name.partition(".")[0] in ("shared", "services", "deploy")))
"""


def test_the_checker_loads_nothing_of_the_platform() -> None:
    names = sorted(path.stem for path in Path(checker.__file__).parent.glob("*.py"))
    modules = [f"tests.resilience.faults.checker.{name}" for name in names if name != "__init__"]
    assert len(modules) > 5
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *modules], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_the_checker_knows_who_hears_what() -> None:
    groups = [group for service in SERVICES for group in groups_of(service)]
    events = {group.group: set(group.topics) - group.copy_handlers.keys() for group in groups if group.handlers}
    copies = {
        group.group: {topic: copied.kinds for topic, copied in group.copied.items()} for group in groups if group.copied
    }
    assert {group: set(topics) for group, topics in subscriptions.EVENTS.items()} == events
    assert copies == subscriptions.COPIES
    assert {service.name for service in SERVICES} == set(subscriptions.OWNERS) == state_snapshot.STATE.keys()
    owned = {topic: owner for owner in NAMES for topic in compacted_topics([owner])}
    assert owned == {topic: owner for topic, (owner, _, _) in subscriptions.COMPACTED.items()}
    assert {(outbox, copies) for _, outbox, copies in subscriptions.COMPACTED.values()} == {
        (OUTBOXES[topics.prefix], collection_of(topics.prefix)) for topics in COMPACTED
    }
    samples_by_type = {name: sample(entry) for name, entry in REFERENCE.entries.items()}
    assert {name: entry.kind for name, entry in samples_by_type.items()} == subscriptions.KINDS


def test_every_planted_bug_still_applies() -> None:
    for mutant in mutants.MUTANTS:
        text = (ROOT / mutant.file).read_text(encoding="utf-8")
        assert text.count(mutant.old) == 1, mutant.name
