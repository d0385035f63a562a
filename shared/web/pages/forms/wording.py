"""Says to people what is wrong with a box: what to write there, with an example, instead of the type that was expected.

The API's texts recite types for those who write programs; somebody who fills in a form or a sheet is told what to do.
"""

from __future__ import annotations

from typing import Any, Final

from marshmallow import Schema, fields

from shared.i18n.catalogues import catalogues
from shared.i18n.formats import number
from shared.i18n.messages import fault_text
from shared.kernel.errors import Fault
from shared.kernel.message import Message
from shared.web.fields import SAFE_INTEGER, Choice, Code, Email, Phone, Rupiah
from shared.web.schema import Length, Range

CHOOSE: Final = Message("Choose one of the list.")
EXAMPLES: Final = (
    (fields.Date, Message("Write the date like 28-11-2026.")),
    (Email, Message("Write the address like nama@contoh.org.")),
    (Phone, Message("Write the number like 0812 3456 7890, or with its country +62 812 3456 7890.")),
    (Code, Message("Use letters, digits, points and hyphens without spaces, like KAB-01.")),
    ((Choice, fields.UUID, fields.Boolean), CHOOSE),
    (Rupiah, Message("Write digits only, like 1500000.")),
    (fields.Integer, Message("Write digits only, like 12.")),
    (fields.Number, Message("Write a number, like %(example)s.")),
)
DECIMAL: Final = 12.5  # the example of a number with a fraction, as the reader's language writes it


def text_for_people(fault: Fault, schema: Schema | None, language: str) -> str:
    """Return what to do about a fault; a rule's own words stay as they are."""
    field = field_at(schema, fault.pointer) if schema is not None else None
    message = None if fault.detail is not None or field is None else message_about(fault.code, field, language)
    return fault_text(fault, language) if message is None else catalogues().text(message, language)


def message_about(code: str, field: fields.Field[Any], language: str) -> Message | None:
    """Return what to write instead, where more can be said than the code says."""
    if code == "not-a-choice":
        return CHOOSE
    if code in ("wrong-format", "wrong-length") and "example" in field.metadata:
        return Message("Write it like %(example)s.", {"example": field.metadata["example"]})
    if code in ("wrong-type", "wrong-format"):
        message = next((message for kind, message in EXAMPLES if isinstance(field, kind)), None)
        return message and Message(message.msgid, {"example": number(DECIMAL, language)})
    if code in ("wrong-length", "too-long", "too-short") and isinstance(field, fields.String):
        return _length(field, language)
    return _bounds(field, language) if code == "out-of-range" else None


def _length(field: fields.String, language: str) -> Message | None:
    """Return how long a text may be; nobody is told that it has at least one character."""
    check = next((check for check in field.validators if isinstance(check, Length)), None)
    if check is None or check.max is None:
        return None
    most = number(check.max, language)
    if check.min is None or check.min <= 1:
        return Message("Write at most %(most)s characters.", {"most": most})
    least = number(check.min, language)
    return Message("Write %(least)s to %(most)s characters.", {"least": least, "most": most})


def _bounds(field: fields.Field[Any], language: str) -> Message | None:
    checks = [field.bounds] if isinstance(field, Rupiah) else field.validators
    bounds = next((check for check in checks if isinstance(check, Range)), None)
    if bounds is None:
        return None
    least = None if bounds.min is None else number(bounds.min, language)
    most = None if bounds.max is None or bounds.max >= SAFE_INTEGER else number(bounds.max, language)
    if least is not None and most is not None:
        return Message("Write a number from %(least)s to %(most)s.", {"least": least, "most": most})
    if least is not None:
        return Message("Write a number of at least %(least)s.", {"least": least})
    return None if most is None else Message("Write a number of at most %(most)s.", {"most": most})


def field_at(schema: Schema, pointer: str | None) -> fields.Field[Any] | None:
    """Return the field that a pointer into the body leads to; of an amount of money the money."""
    found: fields.Field[Any] | None = None
    inside: Schema | None = schema
    for part in (pointer or "").split("/")[1:]:
        if isinstance(found, fields.List) and part.isdecimal():
            found = found.inner
        elif isinstance(found, fields.Nested) and found.many and part.isdecimal():
            continue
        elif isinstance(found, Rupiah):
            return found
        else:
            inside = found.schema if isinstance(found, fields.Nested) else inside if found is None else None
            known = inside.load_fields.items() if inside is not None else ()
            found = next((field for name, field in known if (field.data_key or name) == part), None)
            if found is None:
                return None
    return found
