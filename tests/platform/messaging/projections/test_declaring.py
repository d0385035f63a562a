"""What a group that keeps a projection may not do, and what its generations share."""

from __future__ import annotations

import pytest

from shared.contracts.events.enrollment import InstitutionRegistered, InstitutionSuspended
from shared.messaging.projections import generations
from shared.messaging.subscriptions import ConsumerGroup


class Row:
    """Stands for a document."""


def test_a_projection_needs_history() -> None:
    with pytest.raises(ValueError, match="history"):
        ConsumerGroup("toy.counts", start="now", projection=(Row,))


def test_a_projection_keeps_no_parties() -> None:
    counts = ConsumerGroup("toy.counts", projection=(Row,))
    with pytest.raises(ValueError, match="copies"):
        counts.keeps_parties("enrollment", kinds=("person",))


def test_a_generation_reads_what_the_declared_group_reads_under_a_name_of_its_own() -> None:
    written: list[int] = []
    counts = ConsumerGroup("toy.counts", projection=(Row,))
    for event in (InstitutionRegistered, InstitutionSuspended):
        counts.handles(event)(lambda *_: written.append(generations.current_generation()))
    later = generations.of(counts, 3)
    assert (later.group, later.topics, later.handlers.keys()) == ("toy.counts.3", counts.topics, counts.handlers.keys())
    assert generations.of(counts, generations.FIRST).group == counts.group
    for handler in later.handlers.values():
        handler(object(), object())
    assert written == [3, 3]
    assert generations.current_generation() == generations.FIRST
