"""Each check of a schema by its code and the values of its text."""

from __future__ import annotations

from typing import Any

import pytest
from marshmallow import ValidationError, fields

from shared.i18n.messages import fault_text
from shared.kernel.errors import Fault
from shared.web.faults import faults_of
from shared.web.fields import Choice, Whole
from shared.web.schema import Email, Length, OneOf, Patch, Range, Regexp, Schema


class Inner(Schema):
    name = fields.String(required=True)


class Taken(Patch):
    number = Whole(least=1, most=5)
    sex = Choice("female", "male")
    names = fields.List(fields.String(validate=Length(max=3)), validate=Length(min=2))
    inner = fields.Nested(Inner)
    age = fields.Integer(strict=True)


def refused(body: Any, location: str = "json") -> dict[str | None, tuple[str, str]]:
    with pytest.raises(ValidationError) as wrong:
        Taken().load(body)
    found = faults_of(wrong.value.normalized_messages(), location=location)
    return {fault.parameter or fault.pointer: (fault.code, fault_text(fault, "en")) for fault in found}


@pytest.mark.parametrize(
    ("body", "place", "code", "text"),
    [
        ({"number": 9}, "/number", "out-of-range", "The value is out of bounds: ≥ 1, ≤ 5."),
        ({"number": "9"}, "/number", "wrong-type", "Has to be a whole number."),
        ({"number": None}, "/number", "null", "This may not be null."),
        ({"sex": "other"}, "/sex", "not-a-choice", "Must be one of: female, male."),
        ({"names": "a"}, "/names", "wrong-type", "Has to be a list."),
        ({"names": ["a"]}, "/names", "too-short", "Too short; at least 2."),
        ({"names": ["a", "long"]}, "/names/1", "too-long", "Too long; at most 3."),
        ({"names": ["a", 5]}, "/names/1", "wrong-type", "Has to be a text."),
        ({"inner": {}}, "/inner/name", "required", "This is required."),
        ({"inner": []}, "/inner", "wrong-type", "Has to be an object."),
        ({"inner": {"name": "a", "x": 1}}, "/inner/x", "unknown-field", "There is no such field."),
        ({"age": "x"}, "/age", "wrong-type", "Has to be a whole number."),
        ([], "", "wrong-type", "Has to be an object."),
    ],
)
def test_a_value_is_refused_by_its_code(body: Any, place: str, code: str, text: str) -> None:
    assert refused(body) == {place: (code, text)}


class Registered(Schema):
    FILLED_IN = ("number",)

    name = fields.String(required=True)
    number = Whole()
    nickname = fields.String()
    inner = fields.Nested(Taken)


def test_null_leaves_out_what_a_thing_need_not_have_and_nothing_else() -> None:
    assert Registered().load({"name": "a", "nickname": None, "inner": None}) == {"name": "a"}
    with pytest.raises(ValidationError) as wrong:
        Registered().load({"name": None, "number": None, "inner": {"number": None}, "unknown": None})
    found = faults_of(wrong.value.normalized_messages())
    assert {(fault.pointer, fault.code) for fault in found} == {
        ("/name", "null"), ("/number", "null"), ("/inner/number", "null"), ("/unknown", "unknown-field"),
    }  # fmt: skip


def test_in_a_query_an_unknown_field_is_an_unknown_parameter() -> None:
    assert refused({"x": 1}, "query") == {"x": ("unknown-parameter", "There is no such parameter.")}


def test_what_a_library_says_by_itself_is_passed_on_as_it_is() -> None:
    (fault,) = faults_of({"_schema": ["100 % wrong."]})
    assert (fault.pointer, fault.code, fault_text(fault, "id")) == ("", "invalid", "100 % wrong.")


@pytest.mark.parametrize(
    ("check", "value", "fault"),
    [
        (Length(min=1, max=2), "", Fault("wrong-length", values={"min": 1, "max": 2})),
        (Range(min=1), 0, Fault("out-of-range", values={"bounds": "≥ 1"})),
        (OneOf(["a", "b"]), {}, Fault("not-a-choice", values={"choices": "a, b"})),
        (Regexp("a"), "b", Fault("wrong-format")),
        (Email(), "nobody", Fault("wrong-format")),
    ],
)
def test_a_check_refuses_by_its_code(check: Any, value: Any, fault: Fault) -> None:
    with pytest.raises(ValidationError) as wrong:
        check(value)
    assert wrong.value.messages == [fault]
