"""Gives every request and answer its schema: what is wrong with a value is a `Fault`, never a sentence of the library's.

A fault has a code that stays, the values of its text, and gets its place in `shared.web.faults`. The checks are
marshmallow's, so that the API's document can read their bounds.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, ClassVar, Final

import marshmallow
from marshmallow import ValidationError, fields, missing, pre_load, validate

from shared.domain.refusals import Refusals
from shared.kernel.errors import Fault
from shared.kernel.message import Message
from shared.tabular.columns import Labelled

EXPECTED: Final[Mapping[str, Message]] = {
    "text": Message("a text"),
    "utf8": Message("a UTF-8 text"),
    "uuid": Message("a UUID"),
    "number": Message("a number"),
    "whole": Message("a whole number"),
    "flag": Message("true or false"),
    "date": Message("a date YYYY-MM-DD"),
    "moment": Message("an RFC 3339 time with its zone"),
    "moment-with-plus": Message(
        "an RFC 3339 time with its zone; a + in an address is written %(code)s, or use Z", {"code": "%2B"}
    ),
    "list": Message("a list"),
    "object": Message("an object"),
}
KINDS: Final = ((fields.List, "list"), (fields.String, "text"), (fields.Integer, "whole"), (fields.Number, "number"))


def _wrong_type(expected: str) -> Fault:
    return Fault("wrong-type", values={"expected": EXPECTED[expected]})


FAULTS: Final[Mapping[str, Fault]] = {
    "required": Fault("required"),
    "null": Fault("null"),
    "type": _wrong_type("object"),
    "invalid_utf8": _wrong_type("utf8"),
    "too_large": Fault("number-too-large"),
}


def refusal(code: str, **values: object) -> ValidationError:
    return ValidationError([Fault(code, values=values)])


def wrong_type(expected: str) -> ValidationError:
    return ValidationError([_wrong_type(expected)])


class Schema(marshmallow.Schema, Labelled):
    """A schema of requests, answers or both.

    `CHECKS` are rules of the command that need nothing but values of the body: each with the fields whose values it takes,
    None for one that was left out. They are asked where the schema refuses something, so that a caller hears of all at once;
    the command asks them itself.

    What a thing need not have is null in an answer, and null in a request leaves it out: whoever has read it can send it.
    """

    CHECKS: ClassVar[tuple[tuple[Callable[..., object], *tuple[str, ...]], ...]] = ()
    FILLED_IN: ClassVar[tuple[str, ...]] = ()  # what may be left out though an answer always shows it

    error_messages = {"type": FAULTS["type"], "unknown": Fault("unknown-field")}  # type: ignore[dict-item]  # noqa: RUF012

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        del field_name
        _speak_in_codes(field_obj)

    def leaves_out(self, field: fields.Field[Any]) -> bool:
        """Return whether null stands for a field that is left out: where a thing need not have it."""
        always = field.required or field.load_default is not missing or field.name in self.FILLED_IN
        return not (always or field.allow_none or isinstance(field, fields.List))

    @pre_load
    def _leave_out(self, data: Any, **_options: Any) -> Any:
        if not isinstance(data, Mapping) or None not in data.values():
            return data
        known = self.load_fields
        return {
            name: value
            for name, value in data.items()
            if value is not None or name not in known or not self.leaves_out(known[name])
        }

    def broken_rules(self, taken: Mapping[str, Any], refused: Iterable[str] = ()) -> list[Fault]:
        """Return what the rules find wrong with the values that the schema took; none is asked that needs a refused one."""
        faults, absent = Refusals(), set(refused)
        for check, *names in self.CHECKS:
            needed = {name for name in names if self.fields[name].required}
            if not absent.intersection(names) and needed <= taken.keys():
                with faults.gather():
                    check(*(taken.get(name) for name in names))
        return faults.faults


class Patch(Schema):
    """A schema of JSON Merge Patches (RFC 7396): null clears what can be cleared, and is refused otherwise."""

    def leaves_out(self, field: fields.Field[Any]) -> bool:
        del field
        return False


class View(Schema):
    """A schema of answers only: what a thing need not have is null where it has none."""

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        super().on_bind_field(field_name, field_obj)
        if not field_obj.required:
            field_obj.allow_none = True


def _speak_in_codes(field: fields.Field[Any]) -> None:
    faults = {key: FAULTS.get(key, Fault("invalid")) for key in field.error_messages}
    expected = next((expected for kind, expected in KINDS if isinstance(field, kind)), None)
    if expected is not None:
        faults["invalid"] = _wrong_type(expected)
    field.error_messages = {key: [fault] for key, fault in faults.items()}
    if isinstance(field, fields.List):
        _speak_in_codes(field.inner)


def speaks(schema: marshmallow.Schema) -> bool:
    """Return whether what a schema gives out holds words in the caller's language, and so differs by it."""
    return any(_in_words(field) for field in schema.fields.values())


def _in_words(field: fields.Field[Any]) -> bool:
    if isinstance(field, fields.List):
        return _in_words(field.inner)
    return speaks(field.schema) if isinstance(field, fields.Nested) else bool(getattr(field, "in_words", False))


class Length(validate.Length):
    def __call__(self, value: Any) -> Any:
        try:
            return super().__call__(value)
        except ValidationError:
            code = "too-short" if self.max is None else "too-long" if self.min is None else "wrong-length"
            raise refusal(code, min=self.min, max=self.max) from None


class Range(validate.Range):
    def __call__(self, value: Any) -> Any:
        try:
            return super().__call__(value)
        except ValidationError:
            bounds = [f"{sign} {bound}" for sign, bound in (("≥", self.min), ("≤", self.max)) if bound is not None]
            raise refusal("out-of-range", bounds=", ".join(bounds)) from None


class Decimals(validate.Validator):
    """Refuses a number with more decimals than are kept, so that none is rounded without a word."""

    def __init__(self, most: int) -> None:
        self._most = most

    def __call__(self, value: float) -> float:
        if round(value, self._most) != value:
            raise refusal("too-many-decimals", max=self._most)
        return value


class OneOf(validate.OneOf):
    def __call__(self, value: Any) -> Any:
        try:
            return super().__call__(value)
        except ValidationError:
            raise refusal("not-a-choice", choices=self.choices_text) from None


class Among(validate.Validator):
    """Refuses what is none of these values, without making them a list in the API's description: others will be added."""

    def __init__(self, values: Collection[str]) -> None:
        self._values = values

    def __call__(self, value: str) -> str:
        if value not in self._values:
            raise refusal("not-a-choice", choices=", ".join(self._values))
        return value


class Readable(validate.Validator):
    """Refuses a text that `read` cannot read with a fault of its own, together with the other faults of a request."""

    def __init__(self, read: Callable[[str], object], fault: Fault) -> None:
        self._read, self._fault = read, fault

    def __call__(self, value: str) -> str:
        try:
            self._read(value)
        except ValueError:
            raise ValidationError([self._fault]) from None
        return value


class Regexp(validate.Regexp):
    def __call__(self, value: Any) -> Any:
        try:
            return super().__call__(value)
        except ValidationError:
            raise refusal("wrong-format") from None


class Email(validate.Email):
    def __call__(self, value: str) -> str:
        try:
            return super().__call__(value)
        except ValidationError:
            raise refusal("wrong-format") from None
