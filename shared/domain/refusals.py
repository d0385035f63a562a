"""Refuses: every fault of a command at once, and by gates what must have happened elsewhere or before.

Each gate is a setting `on | warn | off`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from shared.domain.errors import Invalid, NotKnownYet
from shared.kernel.errors import Fault, Problem
from shared.observability import logs

log = logs.get(__name__)


def refuse(faults: Sequence[Fault]) -> None:
    """Raise `Invalid` with every fault, where there is any."""
    if faults:
        raise Invalid(errors=faults)


def refuse_or_warn(gate: str, problem: Problem, missing: str) -> None:
    """Refuse, or only note it where the gate is set to warn."""
    if gate == "on":
        raise problem
    log.warning("gate passed with a warning", missing=missing)


class Refusals:
    """The faults that were found so far. What rests on a value that was refused is not asked for."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self._not_yet: NotKnownYet | None = None

    @contextmanager
    def gather(self) -> Iterator[None]:
        """Keep what this check refuses, and go on behind it."""
        try:
            yield
        except Invalid as refused:
            self.faults += refused.errors
        except NotKnownYet as refused:
            self._not_yet = refused

    def end(self) -> None:
        """Raise `Invalid` with every fault; where there is none, that something is not known yet."""
        refuse(self.faults)
        if self._not_yet is not None:
            raise self._not_yet
