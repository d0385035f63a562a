"""Opening balances keep their "more than"."""

from __future__ import annotations

from services.reporting.opening_balances.model import opening_balances


def test_opening_balances_keep_their_more_than():
    balances = {balance.code: balance for balance in opening_balances()}
    assert balances["smes_trained"].comparator == "more_than"
    assert (balances["smes_trained"].value, balances["people_trained"].value) == (261, 1336)
    assert [balances[f"cost_recovery_{period}"].value for period in ("phase_1", "phase_2", "2017")] == [11, 37, 62]
