"""Says things to people without choosing their language: the English text is the msgid of gettext's catalogues.

What raises an error or names a code stands below the languages and knows no caller; `shared.i18n` finds the translation
where the text leaves, in an answer, on a page, in a row for the sender of a spreadsheet. `Message("...")`, `gettext_noop` and
`pgettext_noop` also mark a text for extraction, so they take literals.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

CONTEXT: Final = "\x04"  # what gettext puts between a context and its text


def gettext_noop(message: str) -> str:
    return message


def pgettext_noop(context: str, message: str) -> str:
    """Mark an English text with two translations: the context, which nobody sees, tells them apart."""
    return f"{context}{CONTEXT}{message}"


@dataclass(frozen=True, slots=True)
class Message:
    """A text with holes, `%(name)s`, and what fills them. A value that is a message is translated too."""

    msgid: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        """Write the text in English, for logs."""
        return filled(self.msgid.rpartition(CONTEXT)[2], self.values)


def filled(text: str, values: Mapping[str, object]) -> str:
    return text % values if values else text
