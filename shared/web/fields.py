"""Defines the marshmallow fields of requests and responses. Each takes exactly one JSON type and says so.

marshmallow's own fields are lenient ("3" is an integer, a number becomes a text); these are not. Texts are normalised
(NFC, trimmed) and free of control characters and of the encoded-word syntax that mail headers decode.
"""

# ruff: noqa: ARG002 - the signatures are marshmallow's

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any, Final, TypeAlias
from uuid import UUID

from marshmallow import ValidationError, fields

from shared.domain.external_ids import may_see_number_of
from shared.i18n.catalogues import catalogues
from shared.i18n.language import language_of_caller
from shared.reference.phone_numbers import NoPhoneNumber, phone_of
from shared.reference.provinces import PROVINCE_CODES
from shared.tabular.columns import OneCell
from shared.web.schema import Email as IsEmail
from shared.web.schema import Length, OneOf, Range, Regexp, Schema, View, refusal, wrong_type

# What a schema has made of a request, ready to be a command's keywords: the only values without a type that reach a
# service. A test compares each schema with its command.
Body: TypeAlias = dict[str, Any]

SAFE_INTEGER: Final = 2**53 - 1  # the largest whole number that every JSON reader keeps exact
_ENCODED_WORD: Final = re.compile(r"=\?[^?\s]*\?[bqBQ]\?")
_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_UUID: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_MOMENT: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})")
_BREAKS: Final = "\n\t"
_CONTROL: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})


class Text(fields.String):
    """Text for people. `lines=True` allows line breaks and tabs."""

    def __init__(self, *, longest: int = 200, shortest: int = 1, lines: bool = False, **options: Any) -> None:
        extra = options.pop("validate", None)
        checks = [Length(min=shortest, max=longest)]
        checks += [] if extra is None else list(extra) if isinstance(extra, (list, tuple)) else [extra]
        super().__init__(validate=checks, **options)
        self.lines = lines

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        if not isinstance(value, str):
            raise wrong_type("text")
        text = unicodedata.normalize("NFC", value.replace("\r\n", "\n") if self.lines else value).strip()
        allowed = _BREAKS if self.lines else ""
        if any(unicodedata.category(character) in _CONTROL and character not in allowed for character in text):
            raise refusal("control-character")
        if _ENCODED_WORD.search(text):
            raise refusal("wrong-format")
        return text


class Code(Text):
    """A short code without spaces, as it may travel in events."""

    def __init__(self, *, longest: int = 64, **options: Any) -> None:
        pattern = rf"^[A-Za-z0-9][A-Za-z0-9_.:/+-]{{0,{longest - 1}}}$"
        super().__init__(longest=longest, validate=Regexp(pattern), **options)


class ExternalId(Text):
    """The number by which an institution knows a row in a system of its own; shown to that institution and the programme."""

    def __init__(self, **options: Any) -> None:
        options.setdefault(
            "metadata", {"description": "Your own number for it, seen by your institution and the programme"}
        )
        super().__init__(longest=64, **options)

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return super()._serialize(value, attr, obj, **kwargs) if may_see_number_of(obj.provider_id) else None


class LocalTime(Text):
    """An hour and minute of the day at the place that is meant, such as 08:30."""

    def __init__(self, **options: Any) -> None:
        check = Regexp(r"^([01]\d|2[0-3]):[0-5]\d$")
        super().__init__(longest=5, shortest=5, validate=check, metadata={"example": "08:30"}, **options)


class Choice(fields.String):
    """One of a closed list."""

    def __init__(self, *choices: str, **options: Any) -> None:
        self.choices = choices
        super().__init__(validate=OneOf(choices), **options)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        if not isinstance(value, str):
            raise wrong_type("text")
        return value


class Province(Choice):
    """The ISO 3166-2 code of one of Indonesia's 38 provinces."""

    def __init__(self, **options: Any) -> None:
        super().__init__(*PROVINCE_CODES, **options)


class Email(Text):
    def __init__(self, **options: Any) -> None:
        super().__init__(longest=254, shortest=3, validate=IsEmail(), metadata={"format": "email"}, **options)


class Phone(Text):
    """A telephone number, given out as E.164 writes it, such as +6281234567890; it may be written as within Indonesia."""

    def __init__(self, **options: Any) -> None:
        super().__init__(longest=16, shortest=8, validate=Regexp(r"^\+[1-9]\d{6,14}$"), **options)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            return phone_of(text)
        except NoPhoneNumber:
            raise refusal("wrong-format") from None


class Identifier(fields.UUID):
    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> UUID:
        if not isinstance(value, str) or not _UUID.fullmatch(value):
            raise wrong_type("uuid")
        return UUID(value)


class Whole(fields.Integer):
    """A whole number, never a text or a boolean. In a query string, where everything is text, digits are read."""

    from_text = False

    def __init__(self, *, least: int | None = 0, most: int = SAFE_INTEGER, **options: Any) -> None:
        super().__init__(strict=True, validate=Range(min=least, max=most), **options)
        self.bounds = (least, most) if least and most < SAFE_INTEGER else None  # as a form says them beforehand

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> int:
        if self.from_text and isinstance(value, str) and re.fullmatch(r"-?\d{1,18}", value, re.ASCII):
            return int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            raise wrong_type("whole")
        return value


class Real(fields.Float):
    """A finite number."""

    from_text = False

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> float:
        if self.from_text and isinstance(value, str) and re.fullmatch(r"-?\d{1,15}(\.\d{1,15})?", value, re.ASCII):
            return float(value)
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            raise wrong_type("number")
        if not math.isfinite(value):
            raise refusal("not-finite")
        return float(value)


class Flag(fields.Boolean):
    from_text = False

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> bool:
        if self.from_text and value in ("true", "false"):
            return bool(value == "true")
        if not isinstance(value, bool):
            raise wrong_type("flag")
        return value


class IsoDate(fields.Date):
    """A local date without a time, written YYYY-MM-DD."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> date:
        if not isinstance(value, str) or not _DAY.fullmatch(value):
            raise wrong_type("date")
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise wrong_type("date") from None

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else str(value.isoformat()[:10])


class Moment(fields.AwareDateTime):
    """A point in time, RFC 3339; given out in UTC with Z and milliseconds."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> datetime:
        if not isinstance(value, str) or not _MOMENT.fullmatch(value):
            lost = isinstance(value, str) and _MOMENT.fullmatch(value.replace(" ", "+"))  # read as a form is
            raise wrong_type("moment-with-plus" if lost else "moment")
        try:
            return datetime.fromisoformat(value).astimezone(UTC)
        except (ValueError, OverflowError):
            raise wrong_type("moment") from None

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else written(value)


def written(moment: datetime) -> str:
    """Return a point in time as every answer writes it."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


class RupiahSchema(Schema):
    amount = Whole(required=True, metadata={"description": "Whole rupiah"})
    currency = Choice("IDR", required=True)


class Rupiah(fields.Nested, OneCell):
    """Money: `{"amount": 1500000, "currency": "IDR"}` in JSON, a whole number of rupiah in the code."""

    def __init__(self, *, least: int = 0, most: int = SAFE_INTEGER, **options: Any) -> None:
        super().__init__(RupiahSchema, **options)
        self.bounds = Range(min=least, max=most)

    def deserialize(
        self, value: Any, attr: str | None = None, data: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> Any:
        loaded = super().deserialize(value, attr, data, **kwargs)
        if not isinstance(loaded, dict):
            return loaded
        try:
            self.bounds(loaded["amount"])
        except ValidationError as refused:
            raise ValidationError({"amount": refused.messages}) from None
        return loaded["amount"]

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        return None if value is None else {"amount": int(getattr(value, "amount", value)), "currency": "IDR"}


class LocalizedSchema(Schema):
    id = Text(required=True)
    en = Text()


class LocalizedView(View):
    id = Text(required=True)
    en = Text()


class LocalizedName(fields.Nested):
    """A name in Indonesian, and in English where there is one, as a request gives it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(LocalizedSchema, **options)


class ShownName(fields.Nested):
    """Such a name as an answer gives it; one without words is none."""

    def __init__(self, **options: Any) -> None:
        super().__init__(LocalizedView, **options)

    def _serialize(self, nested_obj: Any, attr: Any, obj: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        return super()._serialize(nested_obj or None, attr, obj, **kwargs)  # type: ignore[no-untyped-call]


class Worded(fields.String):
    """A `Message` in the code, given out as its text in the caller's language."""

    in_words = True

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        del attr, obj, kwargs
        return None if value is None else catalogues().text(value, language_of_caller())
