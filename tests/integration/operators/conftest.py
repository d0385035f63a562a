"""`score` as a person runs it, in a folder with one small service, whose code a test can break and mend."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import structlog

from shared.messaging import outbox
from shared.messaging.consumer import delivery_for
from shared.messaging.delivery import Delivery
from shared.messaging.inbox import MongoInbox
from shared.messaging.ports import Incoming
from shared.messaging.reactions import Reactions
from shared.runtime.context import SYSTEM, acting_as
from shared.runtime.service import ROOT
from shared.runtime.settings import settings
from shared.storage import connection
from tests.engines import environment
from tests.integration import toy

GROUP = "toy.first"
DECLARATION = "from tests.integration.toy import SERVICE\n"
REACTIONS = """from shared.contracts.enrollment import InstitutionRegistered
from tests.integration import toy

group = toy.recording("toy.first")
REACTIONS = (group,)


@group.on_party("enrollment")
def keep(party):
    {party}


def suspended(fact, about):
    {suspended}


group.handlers["id.score.enrollment.institution_suspended.v1"] = suspended
group.waits["id.score.enrollment.institution_suspended.v1"] = {{"id.score.enrollment.institution_registered.v1"}}
"""
WORKS = "toy.note_effect(fact.institution_id, about.sequence, 'toy.first')"
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
    """Runs commands in a tree of its own; `write` puts code into the service's reactions."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        service = folder / "services" / "toy"
        service.mkdir(parents=True)
        (folder / "services" / "__init__.py").touch()
        (service / "__init__.py").touch()
        (service / "service.py").write_text(DECLARATION)
        self._reactions = service / "reactions.py"
        self.write()

    def write(self, suspended: str = WORKS, party: str = QUIET) -> None:
        self._reactions.write_text(REACTIONS.format(suspended=suspended, party=party))

    def group(self) -> Reactions:
        """The group as its code is now, in this process."""
        names: dict[str, Any] = {}
        exec(self._reactions.read_text(), names)
        reactions: Reactions = names["group"]
        return reactions

    def delivery(self) -> Delivery:
        return delivery_for(self.group(), MongoInbox(GROUP))

    def __call__(self, *words: str, tree: bool = True, **variables: str) -> Answer:
        paths = [str(self._folder), str(ROOT)] if tree else [str(ROOT)]
        done = subprocess.run(
            [sys.executable, "-m", "deploy.score.cli", *words],
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


@pytest.fixture(autouse=True)
def _this_process_stays_as_it_was() -> Iterator[None]:
    """A command that runs in the test's own process makes the process an operator's: its environment, its log."""
    environment_before, log_before = dict(os.environ), structlog.get_config()
    yield
    os.environ.clear()
    os.environ.update(environment_before)
    settings.cache_clear()
    structlog.configure(**log_before)


@pytest.fixture
def score(tmp_path: Path, store: Callable[..., Any]) -> Iterator[Operator]:
    store(toy.SERVICE)
    with environment(SCORE_RETRY_FIRST_MS="1"), acting_as(SYSTEM):
        yield Operator(tmp_path / "tree")


def history(length: int) -> UUID:
    partner: UUID = toy.register().id
    for _ in range(length - 1):
        toy.suspend(partner)
    return partner


def records(key: UUID) -> list[Incoming]:
    """The facts of a key as they arrive from the topic."""
    rows = sorted(connection.database()["outbox"].find({"key": key}), key=lambda row: row["sequence"])
    return [
        Incoming(sent.topic, 0, sent.sequence, str(sent.key).encode(), sent.headers, sent.value)
        for sent in map(outbox.outgoing_of, rows)
    ]
