"""Describes the columns of a table, and the order its headings offer."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heading. `sort` names the field that the list can be ordered by."""

    label: str
    numeric: bool = False
    sort: str = ""

    @classmethod
    def of(cls, given: str | Column) -> Column:
        return given if isinstance(given, Column) else cls(given)

    @property
    def order(self) -> str:
        """Return `ascending` or `descending` while the list is ordered by this column."""
        current = request.args.get("sort", "")
        if not self.sort or current.removeprefix("-") != self.sort:
            return ""
        return "descending" if current.startswith("-") else "ascending"

    @property
    def next_sort(self) -> str:
        return f"-{self.sort}" if self.order == "ascending" else self.sort

    @property
    def arrow(self) -> str:
        return {"ascending": "↑", "descending": "↓"}.get(self.order, "↕")
