"""What presses most stands first on the first page: what is late, then what has no day, then what is to come."""

from __future__ import annotations

from datetime import date, timedelta

from shared.web.pages.declare import Work
from shared.web.pages.work.gathering import in_order

TODAY = date(2026, 11, 28)


def test_what_has_no_day_comes_after_what_is_late_and_before_what_is_to_come() -> None:
    def work(title: str, days: int | None) -> Work:
        return Work(title, "/", 1, None if days is None else TODAY + timedelta(days=days))

    found = [work("in weeks", 63), work("review", None), work("late", -2), work("tomorrow", 1)]
    assert [item.title for item in in_order(found, TODAY)] == ["late", "review", "tomorrow", "in weeks"]
