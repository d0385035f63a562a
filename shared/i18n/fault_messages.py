"""Says what the codes mean that a fault can carry in any service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shared.kernel.message import gettext_noop

FAULTS: Final[Mapping[str, str]] = {
    "invalid": gettext_noop("The value is not valid."),
    "required": gettext_noop("This is required."),
    "null": gettext_noop("This may not be null."),
    "unknown-field": gettext_noop("There is no such field."),
    "unknown-parameter": gettext_noop("There is no such parameter."),
    "repeated": gettext_noop("This may be given only once."),
    "wrong-type": gettext_noop("Has to be %(expected)s."),
    "not-a-choice": gettext_noop("Must be one of: %(choices)s."),
    "too-short": gettext_noop("Too short; at least %(min)s."),
    "too-long": gettext_noop("Too long; at most %(max)s."),
    "wrong-length": gettext_noop("The length must be from %(min)s to %(max)s."),
    "out-of-range": gettext_noop("The value is out of bounds: %(bounds)s."),
    "too-many-decimals": gettext_noop("At most %(max)s decimals are kept. Round this number."),
    "wrong-format": gettext_noop("This is not written as expected. Check its form."),
    "control-character": gettext_noop("Contains a control character that is not allowed."),
    "number-too-large": gettext_noop("The number is too large. Write a smaller one."),
    "not-finite": gettext_noop("Must be an ordinary number."),
    "operator": gettext_noop("Field names may not start with $."),
    "not-json": gettext_noop("The body is not valid JSON."),
    "not-utf8": gettext_noop("The text is not valid UTF-8."),
    "too-deep": gettext_noop("Nested more than %(max)s levels deep."),
    "unknown-host": gettext_noop("No host of this service."),
    "too-many-keys": gettext_noop("More than %(max)s fields."),
    "too-many-items": gettext_noop("More than %(max)s values."),
    "duplicate-key": gettext_noop("The field %(key)s is given twice."),
    "no-body": gettext_noop("This operation takes no body."),
    "media-type": gettext_noop("Content-Type taken here: %(expected)s."),
    "cursor": gettext_noop("This cursor is not one of this list's."),
    "etag": gettext_noop('Not an ETag of this object, such as "3".'),
    "stale": gettext_noop("Somebody changed this meanwhile. Load it again."),
    "reused": gettext_noop("The key stands for another request."),
    "key-form": gettext_noop("A key is 1 to 128 visible ASCII characters."),
}
