"""Bodies, fields, cursors, cells and words, without a server."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import Schema, ValidationError

from shared.errors import Fault, Invalid, Malformed, Problem
from shared.web import bodies, fields, wording
from shared.web.csv_export import cell, csv_response
from shared.web.fault_wording import FAULTS, STOCK
from shared.web.faults import faults_of, pointer
from shared.web.pagination import Cursor, Order

ROW = UUID("018f0000-0000-7000-8000-000000000001")
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0")),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.from_regex(r"\A[a-z_]{1,8}\Z"), inner, max_size=5),
    max_leaves=20,
)  # fmt: skip


@settings(max_examples=60)
@given(PLAIN)
def test_ordinary_json_is_read_as_it_is(document: Any) -> None:
    assert bodies.parsed(json.dumps(document).encode()) == document


@given(st.binary(max_size=300) | st.text(alphabet='[]{}":,0123456789eE+-.ntrufalse\\', max_size=60).map(str.encode))
def test_anything_else_is_a_problem(data: bytes) -> None:
    refused = None
    try:
        bodies.parsed(data)
    except Problem as problem:
        refused = problem
    assert refused is None or (refused.status in (400, 422) and refused.errors)


@pytest.mark.parametrize("text", [r"a\u0000b", r"\ud800", r"a\udfff"])
def test_texts_that_no_store_takes_never_reach_a_schema(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        bodies.parsed(f'{{"days": [{{"name": "{text}"}}]}}'.encode())
    assert refused.value.errors[0].pointer == "/days/0/name"


def test_the_limits_are_the_last_allowed_values() -> None:
    deepest = b"[" * bodies.MAX_DEPTH + b"]" * bodies.MAX_DEPTH
    assert bodies.parsed(deepest)
    with pytest.raises(Malformed):
        bodies.parsed(b"[" + deepest + b"]")
    assert len(bodies.parsed(json.dumps({f"f{n}": n for n in range(bodies.MAX_KEYS)}).encode())) == bodies.MAX_KEYS
    assert len(bodies.parsed(json.dumps([0] * bodies.MAX_ITEMS).encode())) == bodies.MAX_ITEMS


def load(field: Any, value: Any) -> Any:
    return Schema.from_dict({"value": field})().load({"value": value})["value"]


GOOD: list[tuple[Any, Any, Any]] = [
    (fields.Text(), "  Siti\u0301  ", "Sit\u00ed"),
    (fields.Text(lines=True), "a\r\nb", "a\nb"),
    (fields.Text(shortest=0), "", ""),
    (fields.Code(), "ID-2026/001", "ID-2026/001"),
    (fields.Province(), "ID-PD", "ID-PD"),
    (fields.Email(), "siti@example.org", "siti@example.org"),
    (fields.Phone(), "+6281234567890", "+6281234567890"),
    (fields.Identifier(), str(ROW), ROW),
    (fields.Whole(), 2**53 - 1, 2**53 - 1),
    (fields.Real(), 2, 2.0),
    (fields.Flag(), False, False),
    (fields.IsoDate(), "2028-02-29", date(2028, 2, 29)),
    (fields.Moment(), "2026-11-24T21:00:00+07:00", datetime(2026, 11, 24, 14, tzinfo=UTC)),
    (fields.Rupiah(), {"amount": 5, "currency": "IDR"}, 5),
    (fields.LocalizedName(), {"id": "Nama"}, {"id": "Nama"}),
]
BAD: list[tuple[Any, Any]] = [
    (fields.Text(), value) for value in (1, True, None, [], {}, {"$gt": ""}, "", " ", "a\nb", "a\x7fb", "a\u2028b", "x" * 201)
] + [
    (fields.Code(), "a b"), (fields.Code(), "-a"), (fields.Code(), "a\nb"), (fields.Code(), "x" * 65),
    (fields.Choice("a"), "b"), (fields.Choice("a"), ["a"]), (fields.Email(), "no"), (fields.Email(), "a@b\n.org"),
    (fields.Phone(), "0812345678"), (fields.Identifier(), "{" + str(ROW) + "}"), (fields.Identifier(), ROW.int),
    (fields.Identifier(), ROW.hex), (fields.Whole(), "1"), (fields.Whole(), 1.0), (fields.Whole(), True),
    (fields.Whole(), -1), (fields.Whole(), 2**53), (fields.Real(), "1"), (fields.Real(), True),
    (fields.Real(), float("nan")), (fields.Flag(), "true"), (fields.Flag(), 1), (fields.IsoDate(), "2026-02-29"),
    (fields.IsoDate(), "2026-W01-1"), (fields.IsoDate(), 20260101), (fields.Moment(), "2026-11-24T21:00:00"),
    (fields.Moment(), "2026-11-24"), (fields.Moment(), "0001-01-01T00:00:00+14:00"), (fields.Rupiah(), 5),
    (fields.Rupiah(), {"amount": 5}), (fields.Rupiah(most=4), {"amount": 5, "currency": "IDR"}),
    (fields.LocalizedName(), {"en": "only"}),
]  # fmt: skip


@pytest.mark.parametrize(("field", "value", "loaded"), GOOD)
def test_fields_take_one_type(field: Any, value: Any, loaded: Any) -> None:
    assert load(field, value) == loaded


@pytest.mark.parametrize(("field", "value"), BAD)
def test_fields_refuse_everything_else(field: Any, value: Any) -> None:
    with pytest.raises(ValidationError):
        load(field, value)


def test_values_are_written_as_the_interface_promises() -> None:
    shape = Schema.from_dict(
        {"at": fields.Moment(), "fee": fields.Rupiah(), "all": fields.fields.List(fields.Rupiah())}
    )
    dumped = shape().dump({"at": datetime(2026, 11, 24, 14, tzinfo=UTC), "fee": 7, "all": [1]})
    assert dumped == {
        "at": "2026-11-24T14:00:00.000Z",
        "fee": {"amount": 7, "currency": "IDR"},
        "all": [{"amount": 1, "currency": "IDR"}],
    }
    assert shape().dump({"fee": None}) == {"fee": None}
    assert len(set(fields.PROVINCES)) == 38


ORDERS = [Order("created_at", "created_at"), Order("title", "title", descending=True), Order("id", "id")]
VALUES = st.text(max_size=40) | st.integers(-(2**63) + 1, 2**63 - 1) | st.uuids() | st.datetimes(timezones=st.just(UTC))


@given(VALUES, st.uuids(), st.sampled_from(ORDERS))
def test_a_cursor_comes_back_as_it_was(value: Any, row_id: UUID, order: Order) -> None:
    text = Cursor(value, row_id).encode(order)
    assert re.fullmatch(r"[A-Za-z0-9_-]+", text)
    assert Cursor.decode(text, order) == Cursor(value, row_id)


@given(st.text(max_size=80) | VALUES.map(lambda v: Cursor(v, ROW).encode(ORDERS[0])[:-1] + "A"))
def test_a_made_up_cursor_is_named_or_harmless(text: str) -> None:
    cursor, parameter = None, None
    try:
        cursor = Cursor.decode(text, ORDERS[0])
    except Malformed as refused:
        parameter = refused.errors[0].parameter
    assert parameter == "cursor" or (cursor and isinstance(cursor.value, (str, int, UUID, datetime)))


@pytest.mark.parametrize("packed", [
    ["title", "text", {"$gt": ""}, str(ROW)], ["created_at", "text", ["a"], str(ROW)], ["created_at", "number", True, str(ROW)],
    ["created_at", "code", "x", str(ROW)], ["created_at", "number", 2**70, str(ROW)], ["created_at", "text", "a"], {}, 5,
    ["created_at", "moment", "2026-11-24", str(ROW)], ["-created_at", "text", "a", str(ROW)],
])  # fmt: skip
def test_a_forged_cursor_is_refused(packed: Any) -> None:
    from base64 import urlsafe_b64encode

    text = urlsafe_b64encode(json.dumps(packed, separators=(",", ":")).encode()).rstrip(b"=").decode()
    with pytest.raises(Malformed):
        Cursor.decode(text, ORDERS[0])


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


def test_every_text_exists_in_both_languages() -> None:
    for title in wording.TITLES.values():
        assert all(title)
        assert title.id != title.en
    for code, texts in FAULTS.items():
        assert set(texts) == set(wording.LANGUAGES), code
        holes = [set(re.findall(r"\{(\w+)\}", text)) for text in texts.values()]
        assert holes[0] == holes[1], code
    assert {code for _, code in STOCK} <= set(FAULTS)


def test_a_commands_own_words_win() -> None:
    assert wording.fault_text(Fault("required", {"id": "Isi!", "en": "Fill!"}), "en") == "Fill!"
    assert wording.fault_text(Fault("required", "Missing data for required field."), "id") == "Wajib diisi."
    assert wording.fault_text(Fault("of-a-service"), "en") == "The value is not valid."


def test_places_are_json_pointers() -> None:
    messages = {"a/b": {0: {"~x": ["Unknown field."]}}, "_schema": ["Ends before it starts."]}
    found = {(fault.pointer, fault.code) for fault in faults_of(messages)}
    assert found == {("/a~1b/0/~0x", "unknown-field"), ("", "invalid")}
    assert pointer("days", 0) == "/days/0"
    assert len(faults_of({str(n): ["Unknown field."] for n in range(1000)})) == 100
