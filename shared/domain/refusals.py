"""Gathers what several checks of one command refuse, so that a caller hears of every fault at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from shared.domain.errors import Invalid
from shared.kernel.errors import Fault


class Refusals:
    """The faults that were found so far. What rests on a value that was refused is not asked for."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    @contextmanager
    def gather(self) -> Iterator[None]:
        """Keep what this check refuses, and go on behind it."""
        try:
            yield
        except Invalid as refused:
            self._faults += refused.errors

    def end(self) -> None:
        """Raise `Invalid` with every fault, if there is one."""
        if self._faults:
            raise Invalid(errors=self._faults)
