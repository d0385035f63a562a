"""The platform without faults is given every accepted command once, in order, while the other one is still at work."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.faults.control import Control
from tests.faults.history import Command, History


def until(condition: Callable[[], object], seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


@dataclass
class Spared:
    """Where a scene would stand: what it was given, and whether it has ended."""

    given: list[str] = field(default_factory=list)
    refuses: str = ""
    ended: int = 0

    @property
    def clients(self) -> Any:
        return self

    def give(self, command: Command) -> None:
        if command.name == self.refuses:
            raise AssertionError(f"{command.name} was refused")
        self.given.append(command.name)

    def end(self) -> None:
        self.ended += 1


def accepted(history: History, *names: str) -> None:
    for name in names:
        for what in ("invoke", "info", "ok"):
            history.note(what, Command("enterprise", name))


def control_of(spared: Spared, history: History) -> Control:
    return Control(lambda: spared, history)  # type: ignore[arg-type, return-value]


def test_commands_follow_while_the_other_is_at_work_and_none_is_left_behind() -> None:
    history, spared = History(), Spared()
    accepted(history, "a", "b")
    history.note("fail", Command("nonsense", "never"))
    control = control_of(spared, history)
    until(lambda: spared.given == ["a", "b"])
    accepted(history, "c")
    until(lambda: spared.given == ["a", "b", "c"])
    accepted(history, "d", "e")
    assert control.finish() is spared
    assert spared.given == ["a", "b", "c", "d", "e"]
    assert spared.ended == 0
    control.close()
    assert spared.ended == 1


def test_what_it_refuses_is_told_at_the_end() -> None:
    history, spared = History(), Spared(refuses="b")
    accepted(history, "a", "b", "c")
    control = control_of(spared, history)
    with pytest.raises(AssertionError, match="b was refused"):
        control.finish()
    control.close()
    assert (spared.given, spared.ended) == (["a"], 1)
