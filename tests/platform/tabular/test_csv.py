"""A cell of a CSV file is never a formula."""

from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from shared.tabular.cells import cell
from shared.tabular.csv_writer import csv_response
from shared.web import fields
from shared.web.schema import Schema


@given(st.lists(st.lists(st.text(), min_size=2, max_size=2), max_size=5))
def test_no_cell_is_a_formula(rows: list[list[str]]) -> None:
    shape = Schema.from_dict({"a": fields.Text(), "b": fields.Text()})()
    answer = csv_response("list", shape, iter([{"a": a, "b": b} for a, b in rows]))
    text = b"".join(answer.response).decode().removeprefix("\ufeff")  # type: ignore[arg-type]
    if not any("\0" in value for row in rows for value in row):
        read = list(csv.reader(io.StringIO(text, newline="")))[1:]
        assert [[value.removeprefix("'") for value in row] for row in read] == [
            [value.removeprefix("'") for value in row] for row in rows
        ]
        assert not any(value.startswith(("=", "+", "-", "@", "\t", "\r", "\n")) for row in read for value in row)


def test_numbers_stay_numbers() -> None:
    assert [cell(value) for value in (-5, 1.5, True, None, ["a", "=b"])] == [-5, 1.5, "true", "", "a '=b"]
