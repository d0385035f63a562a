"""Says what participants are asked about a training, and what each mark means."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shared.kernel.message import gettext_noop

OVERALL: Final = "overall"
QUESTIONS: Final[Mapping[str, str]] = {
    OVERALL: gettext_noop("Overall, how satisfied are you?"),
    "content": gettext_noop("Was the content clear?"),
    "usefulness": gettext_noop("Can you use it at your workplace?"),
    "trainer": gettext_noop("Did the trainer help you to learn?"),
    "organisation": gettext_noop("Were place and time suitable?"),
}

MARKS: Final[Mapping[str, str]] = {
    "5": gettext_noop("5, very much"),
    "4": gettext_noop("4, mostly"),
    "3": gettext_noop("3, partly"),
    "2": gettext_noop("2, hardly"),
    "1": gettext_noop("1, not at all"),
}
