"""Fields take one type, refuse everything else, and are written as the interface promises."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from marshmallow import ValidationError

from shared.reference import provinces
from shared.web import fields
from shared.web.schema import Patch, Schema
from tests.support.known_ids import ROW


def load(field: Any, value: Any) -> Any:
    return Patch.from_dict({"value": field})().load({"value": value})["value"]


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
    (fields.Phone(), "0801234567"), (fields.Identifier(), "{" + str(ROW) + "}"), (fields.Identifier(), ROW.int),
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
    assert len(set(provinces.PROVINCE_CODES)) == 38
