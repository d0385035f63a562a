"""`score rebuild`: the wish, how it goes, and how it ends."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from pymongo.errors import AutoReconnect, NetworkTimeout

from deploy.cli import rebuild as cli
from services.reporting.projections import handlers
from services.reporting.projections.model import GROUP
from shared.kernel.service import ROOT
from shared.messaging.projections import catch_up, generations
from tests.support.engines import environment
from tests.support.operator import Answer, Operator
from tests.support.rebuilds import HISTORY, SWIFT, at_work, await_counted, figures, intended, say, silence, spoil
from tests.support.waiting import until
from tests.support.worker_loops import all_sent

Rebuild = Callable[..., Answer]


@pytest.fixture
def rebuild(score: Operator, store: Any) -> Iterator[Rebuild]:
    """`score rebuild` on the platform's own services; the store of reporting is connected."""
    store("reporting")
    silence()
    with environment(**SWIFT):
        yield lambda *words: score("rebuild", *words, tree=False)


def test_a_rebuild_is_waited_for_and_told_in_lines(rebuild: Rebuild, broker) -> None:
    say(HISTORY)
    with at_work():
        await_counted(GROUP, len(HISTORY))
        spoil()
        answer = rebuild(GROUP, "--wait")
        assert answer.code == 0, answer.err
        assert figures() == intended(*HISTORY)
        assert f"generation 2 of {GROUP} is read" in answer.out
        assert f"{GROUP}: " in answer.err
        assert "\x1b" not in answer.out + answer.err
        until(all_sent, "all is sent")
    assert GROUP in rebuild().out
    (line,) = [line for line in rebuild("--json").json if line["group"] == GROUP]
    assert (line["generation"], line["building"]) == (2, None)
    assert line["known"] == line["reached"] > 0


def test_a_rebuild_under_way_is_refused_again_and_seen(rebuild: Rebuild) -> None:
    begun = rebuild(GROUP)
    assert begun.code == 0, begun.err
    again = rebuild(GROUP)
    assert again.code == 1
    assert "generation 2 of reporting.results is being built" in again.err
    assert "--restart" in again.err
    looked = rebuild(GROUP, "--status", "--json")
    assert looked.code == 1
    assert (looked.json[0]["building"], looked.json[0]["begun"]) == (2, False)
    assert rebuild(GROUP, "--restart").code == 0
    assert generations.load_state(GROUP).building == 3


@pytest.mark.parametrize("words", [("finance.billing",), ("nobody.here",), ("--restart",), ("--wait",)])
def test_wrong_usage_is_told(rebuild: Rebuild, words: tuple[str, ...]) -> None:
    answer = rebuild(*words)
    assert answer.code == 2
    assert generations.load_state(GROUP).building is None


def test_a_terminal_shows_a_bar_without_colour(rebuild: Rebuild, broker) -> None:
    say(HISTORY)
    with at_work():
        await_counted(GROUP, len(HISTORY))
    generations.begin(GROUP)
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "deploy.cli.main", "rebuild", GROUP, "--status", "--wait"]
    program = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | {"NO_COLOR": "1"}, stdout=subprocess.PIPE, stderr=theirs
    )
    os.close(theirs)
    shown = os.read(ours, 65536).decode()  # it looks on before anybody is at work
    with at_work():
        shown += _everything(ours)
        assert program.wait(60) == 0, shown
        program.communicate()
    assert f"{GROUP}  [" in shown
    assert "\x1b[3" not in shown


def test_a_busy_store_does_not_end_the_wait(monkeypatch: pytest.MonkeyPatch, rebuild: Rebuild) -> None:
    """As on a machine under load: two looks find nobody, the third the end."""
    state = generations.load_state(GROUP)
    looks = iter([AutoReconnect("busy"), NetworkTimeout("busy"), catch_up.Progress(state, 1, 1)])

    def looked(_group: object) -> catch_up.Progress:
        found = next(looks)
        if isinstance(found, Exception):
            raise found
        return found

    monkeypatch.setattr(catch_up, "progress_of", looked)
    assert cli._look_patiently(handlers.results).generations == state


def _everything(terminal: int) -> str:
    parts: list[bytes] = []
    try:
        while part := os.read(terminal, 65536):
            parts.append(part)
    except OSError:  # how a terminal says that the other side has gone
        pass
    finally:
        os.close(terminal)
    return b"".join(parts).decode()
