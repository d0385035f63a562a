"""No order of arrival, and no repeat, changes a figure."""

from __future__ import annotations

import random
from collections import defaultdict
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from services.reporting.projections.handlers import results
from services.reporting.projections.routing import PROJECTED, rows_of
from services.reporting.results.metrics import Rows
from shared.contracts.event import key_of, type_of
from tests.support.golden_programme import PROGRAMME, Said, an, enterprise, history, moved, rows_from

TOLD = history(*PROGRAMME)


def state(rows: Rows) -> list[object]:
    return [row.to_mongo().to_dict() for row in rows.all()]


INTENDED = state(rows_from(TOLD))


def interleaved(told: list[Said], choices: random.Random) -> list[Said]:
    """Another order of arrival in which the events of each key keep theirs."""
    keys: dict[UUID, list[Said]] = defaultdict(list)
    for said in told:
        keys[key_of(said.event)].append(said)
    order = [key for key, events in keys.items() for _ in events]
    choices.shuffle(order)
    return [keys[key].pop(0) for key in order]


@settings(deadline=None, max_examples=25)
@given(st.randoms(use_true_random=False), st.lists(st.integers(0, len(TOLD) - 1), max_size=12))
def test_keys_may_arrive_in_any_order_with_repeats(choices: random.Random, repeats: list[int]):
    arrived = interleaved(TOLD, choices)
    for place in repeats:
        arrived.insert(choices.randint(place, len(arrived)), arrived[place])
    assert state(rows_from(arrived)) == INTENDED


@settings(deadline=None, max_examples=25)
@given(st.randoms(use_true_random=False))
def test_even_a_broken_order_within_a_key_ends_in_the_same_rows(choices: random.Random):
    arrived = [*TOLD, *choices.sample(TOLD, 10)]
    choices.shuffle(arrived)
    assert state(rows_from(arrived)) == INTENDED


def test_every_projected_event_is_heard():
    assert set(results.handlers) == {type_of(kind) for kind in PROJECTED}


def test_the_golden_programme_tells_every_kind_of_event():
    assert {type(said.event) for said in TOLD} == set(PROJECTED)


def test_every_event_belongs_to_a_row():
    assert all(list(rows_of(said.event)) for said in TOLD)


def test_an_enterprise_is_its_new_providers_whichever_event_comes_first():
    told = history(enterprise(1), moved(1, an("provider", "other")))
    for arrived in (told, told[::-1]):
        (row,) = rows_from(arrived).enterprises
        assert (row.provider_id, row.province) == (an("provider", "other"), "ID-JT")
