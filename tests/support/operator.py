"""`score` as a person runs it, in a folder with one small service, whose code a test can break and mend."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from shared.kernel.service import ROOT
from shared.messaging.inbox.delivery import Delivery
from shared.messaging.inbox.runner import delivery_for
from shared.messaging.inbox.store import MongoInbox
from shared.messaging.outbox import events
from shared.messaging.ports import Incoming
from shared.messaging.subscriptions import ConsumerGroup
from shared.storage import connection
from tests.support import toy

GROUP = "toy.first"

DECLARATION = """from pathlib import Path

from tests.support.toy import ToyService


class FolderService(ToyService):
    @property
    def folder(self):
        return Path(__file__).parent


SERVICE = FolderService(
    name="toy", title="Toy", port=0, metrics_port=0, subjects=("partners",)
)
"""

HANDLERS = """from shared.contracts.events.enrollment import InstitutionRegistered
from tests.support import toy

group = toy.recording("toy.first")

@group.handles_party("enrollment")
def keep(party):
    {party}


def suspended(event, about):
    {suspended}


group.handlers["id.score.enrollment.institution_suspended.v1"] = suspended
group.waits["id.score.enrollment.institution_suspended.v1"] = {{"id.score.enrollment.institution_registered.v1"}}
"""

WORKS = "toy.note_effect(event.institution_id, about.sequence, 'toy.first')"

QUIET = "toy.note_effect(party.party_id, party.version, 'party')"


@dataclass(frozen=True)
class Answer:
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


class Operator:
    """Runs commands in a tree of its own; `write` puts code into its handlers."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        service = folder / "services" / "toy"
        service.mkdir(parents=True)
        (folder / "services" / "__init__.py").touch()
        (service / "__init__.py").touch()
        (service / "service.py").write_text(DECLARATION)
        self._handlers = service / "partners" / "handlers.py"
        self._handlers.parent.mkdir()
        (self._handlers.parent / "__init__.py").touch()
        self.write()

    def write(self, suspended: str = WORKS, party: str = QUIET) -> None:
        self._handlers.write_text(HANDLERS.format(suspended=suspended, party=party))

    def group(self) -> ConsumerGroup:
        """The group as its code is now, in this process."""
        names: dict[str, Any] = {}
        exec(self._handlers.read_text(), names)
        consumer_group: ConsumerGroup = names["group"]
        return consumer_group

    def delivery(self) -> Delivery:
        return delivery_for(self.group(), MongoInbox(GROUP))

    def deliver(self, records: Sequence[Incoming]) -> None:
        """Deliver records to the group as its code is now."""
        delivery = self.delivery()
        delivery.deliver(delivery.decode(records))

    def __call__(self, *words: str, tree: bool = True, **variables: str) -> Answer:
        paths = [str(self._folder), str(ROOT)] if tree else [str(ROOT)]
        done = subprocess.run(
            [sys.executable, "-m", "deploy.cli.main", *words],
            cwd=self._folder if tree else ROOT,
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join(paths),
                "PYTHONDONTWRITEBYTECODE": "1",  # a mend within the same second must be seen
                "SCORE_DATA": str(self._folder / "data"),
                **variables,
            },
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return Answer(done.returncode, done.stdout, done.stderr)


def history(length: int) -> UUID:
    partner: UUID = toy.register().id
    for _ in range(length - 1):
        toy.suspend(partner)
    return partner


def records(key: UUID) -> list[Incoming]:
    """The events of a key as they arrive from the topic."""
    rows = sorted(connection.database()["outbox"].find({"key": key}), key=lambda row: row["sequence"])
    return [
        Incoming(sent.topic, 0, sent.sequence, str(sent.key).encode(), sent.headers, sent.value)
        for sent in map(events.outgoing_of, rows)
    ]
