"""Gathers what several checks of one command refuse, so that a caller hears of every fault at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from shared.domain.errors import Invalid, NotKnownYet
from shared.kernel.errors import Fault


def refuse(faults: Sequence[Fault]) -> None:
    """Raise `Invalid` with every fault, where there is any."""
    if faults:
        raise Invalid(errors=faults)


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
