"""Says what the reasons for a merger are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shared.kernel.message import gettext_noop

MERGER: Final[Mapping[str, str]] = {
    "registered_twice": gettext_noop("It was registered twice"),
    "taken_over": gettext_noop("One took over the other"),
    "entered_in_error": gettext_noop("It was entered by mistake"),
    "other": gettext_noop("Another reason"),
}
