"""Indonesian business identifiers: checked, and brought to one written form (domain.md 9.4).

NIB: 13 digits, without a public check digit. NPWP: 15 digits, or 16 since July 2022; a body's old number becomes the new
one by a leading zero, while an individual's new number is the NIK and cannot be derived. A number that belongs to an
individual is personal data.
"""

from __future__ import annotations

import re
from typing import Final

NIB_DIGITS: Final = 13
OLD_NPWP_DIGITS: Final = 15
NPWP_DIGITS: Final = 16
INDIVIDUALS: Final = frozenset({"perorangan", "UD"})  # forms without a legal personality of their own
_SEPARATORS: Final = re.compile(r"[ .\-]")
_SHOWN: Final = 4


class Unreadable(ValueError):
    """The text is no such number; the message is the code of the refusal."""


def nib_of(text: str) -> str:
    digits = _digits(text, "nib-form")
    if len(digits) != NIB_DIGITS:
        raise Unreadable("nib-form")
    return digits


def npwp_of(text: str, legal_form: str) -> str:
    """Return 16 digits where they are known or follow from the old number, else the 15 that were given."""
    digits = npwp_digits(text)
    if len(digits) == OLD_NPWP_DIGITS and legal_form not in INDIVIDUALS:
        return f"0{digits}"
    return digits


def npwp_digits(text: str) -> str:
    digits = _digits(text, "npwp-form")
    if len(digits) not in (OLD_NPWP_DIGITS, NPWP_DIGITS):
        raise Unreadable("npwp-form")
    return digits


def npwp_is_personal(npwp: str, legal_form: str) -> bool:
    """Return whether it is an individual's: by the legal form, or as a NIK, which never starts with a zero."""
    return legal_form in INDIVIDUALS or (len(npwp) == NPWP_DIGITS and not npwp.startswith("0"))


def masked(number: str) -> str:
    return "*" * (len(number) - _SHOWN) + number[-_SHOWN:]


def _digits(text: str, code: str) -> str:
    digits = _SEPARATORS.sub("", text)
    if not digits.isascii() or not digits.isdigit() or not digits.strip("0"):
        raise Unreadable(code)
    return digits
