"""Brings phone numbers to one written form, E.164, however Indonesians write them."""

from __future__ import annotations

import re
from typing import Final

_SEPARATORS: Final = re.compile(r"[ .\-()]")
_E164: Final = re.compile(r"\+[1-9]\d{6,14}")
_MOBILE: Final = re.compile(r"\+628[1-9]\d{7,10}")


class NoPhoneNumber(ValueError):
    """The text is no phone number."""


def phone_of(text: str) -> str:
    """Return the number as E.164. One written as within Indonesia, such as 0812…, gets its country code."""
    number = _SEPARATORS.sub("", text)
    if number.startswith("0") and not number.startswith("00"):
        number = f"+62{number[1:]}"
    elif number.startswith("62"):
        number = f"+{number}"
    if not _E164.fullmatch(number) or (number.startswith("+628") and not _MOBILE.fullmatch(number)):
        raise NoPhoneNumber(text)
    return number
