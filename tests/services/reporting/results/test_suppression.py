"""Nobody who knows the totals, the rule and every published count can tell a count that is held back."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.reporting.results.figures import Terms, figures_of
from services.reporting.results.queries import terms_for
from services.reporting.results.suppression import complete, published, published_together
from shared.kernel import ids
from shared.kernel.principal import Principal
from tests.support import golden_programme as told

Table = tuple[int, ...]
LIMITS = (3, 4, 5)


def recoverable(answers: Iterable[tuple[object, Table, list[int]]]) -> list[Table]:
    """Tables of which an answer gives a hidden place away: all tables with that answer have the same count there."""
    alike: dict[object, list[tuple[Table, list[int]]]] = defaultdict(list)
    for answer, table, hidden in answers:
        alike[answer].append((table, hidden))
    return [
        table
        for group in alike.values()
        for table, hidden in group
        for place in hidden
        if len({other[place] for other, _ in group}) == 1
    ]


@pytest.mark.parametrize("smallest", LIMITS)
@pytest.mark.parametrize(("places", "most"), [(2, 24), (3, 17), (4, 11)])
def test_no_reader_of_a_table_can_work_out_what_it_holds_back(smallest: int, places: int, most: int):
    def answers():
        for table in itertools.product(range(most + 1), repeat=places):
            if sum(table) <= most:
                out = published({str(place): count for place, count in enumerate(table)}, smallest)
                hidden = [place for place in range(places) if out.withheld and str(place) not in out.told]
                yield (sum(table), tuple(out.told.items()), out.withheld), table, hidden

    assert recoverable(answers()) == []


@pytest.mark.parametrize("smallest", LIMITS)
def test_nor_from_two_tables_of_which_one_counts_some_of_the_others(smallest: int):
    def answers():
        for women, men in itertools.product(range(14), repeat=2):
            if women + men >= 14:
                continue
            for some in itertools.product(range(women + 1), range(men + 1)):
                whole, part = published_together(
                    {"female": women, "male": men}, {"female": some[0], "male": some[1]}, smallest
                )
                hidden = [0, 1] * bool(whole.withheld) + [2, 3] * bool(part.withheld)
                seen = (women + men, tuple(whole.told.items()), sum(some), tuple(part.told.items()))
                yield seen, (women, men, *some), hidden

    assert recoverable(answers()) == []


CELLS = st.dictionaries(st.sampled_from("ABCDEFGHIJ"), st.integers(0, 30))


@given(CELLS, st.integers(3, 10))
def test_no_small_count_is_told_and_the_total_stays(cells: dict[str, int], smallest: int):
    out = published(cells, smallest)
    assert all(count >= smallest for count in out.told.values())
    assert out.total == sum(cells.values())
    assert not 0 < out.withheld < min(smallest, sum(cells.values()))


@given(CELLS)
def test_nothing_is_held_back_without_a_small_count(cells: dict[str, int]):
    large = {name: count for name, count in cells.items() if count >= 5}
    assert published(large, 5) == complete(large)


def test_a_single_small_count_takes_the_next_one_with_it():
    out = published({"ID-JT": 20, "ID-BA": 3, "ID-JI": 8}, 5)
    assert dict(out.told) == {"ID-JT": 20}
    assert out.withheld == 11


def test_who_sees_small_counts():
    def smallest(role: str, **bound: object) -> int | None:
        return terms_for(Principal(subject="x", role=role, **bound), smallest=5).smallest

    assert smallest("programme") is None
    assert smallest("auditor") is None
    for role in ("ministry", "partner", "donor", "sponsor", "provider", "finance"):
        assert smallest(role) == 5


def test_who_sees_amounts():
    def amounts(role: str, **bound: object) -> bool:
        return terms_for(Principal(subject="x", role=role, **bound), smallest=5).amounts

    assert all(amounts(role) for role in ("programme", "auditor", "donor", "finance"))
    assert not any(amounts(role) for role in ("ministry", "partner", "sponsor", "provider"))
    assert not amounts("finance", institution=ids.derived("test", "institution"))


def test_figures_for_readers_of_aggregates_hold_small_counts_back():
    rows = told.rows(*told.PROGRAMME)
    terms = Terms(today=told.TODAY, since=told.DAY, smallest=5, amounts=False)
    figures = {figure.code: figure for figure in figures_of(rows, {}, terms)}
    assert figures["T5"].breakdowns["province"] == complete({"ID-JT": 5})
    assert figures["T8"].breakdowns["sex"].told == {}
    assert figures["T9"].breakdowns["sex"].withheld == 4
    assert figures["T10"].amounts is None
