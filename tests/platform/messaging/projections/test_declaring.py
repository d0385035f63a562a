"""What a group that keeps a projection may not do, and what its generations share."""

from __future__ import annotations

import pytest

from shared.contracts.events.enrollment import InstitutionRegistered, InstitutionSuspended
from shared.messaging.projections import generations
from shared.messaging.subscriptions import Reactions


class Row:
    """Stands for a document."""


def test_a_projection_needs_history() -> None:
    with pytest.raises(ValueError, match="history"):
        Reactions("toy.counts", start="now", projection=(Row,))


def test_a_projection_keeps_no_parties() -> None:
    with pytest.raises(ValueError, match="parties"):
        Reactions("toy.counts", projection=(Row,)).on_party("enrollment")


def test_a_generation_reads_what_the_declared_group_reads_under_a_name_of_its_own() -> None:
    written: list[int] = []
    counts = Reactions("toy.counts", projection=(Row,))
    for event in (InstitutionRegistered, InstitutionSuspended):
        counts.on(event)(lambda *_: written.append(generations.writing()))
    later = generations.of(counts, 3)
    assert (later.group, later.topics, later.handlers.keys()) == ("toy.counts.3", counts.topics, counts.handlers.keys())
    assert generations.of(counts, generations.FIRST).group == counts.group
    for reaction in later.handlers.values():
        reaction(object(), object())
    assert written == [3, 3]
    assert generations.writing() == generations.FIRST
