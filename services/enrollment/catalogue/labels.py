"""Says what the fields of a module's version are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shared.kernel.message import gettext_noop

FIELDS: Final[Mapping[str, str]] = {
    "classroom_days": gettext_noop("Classroom days"),
    "prerequisites": gettext_noop("Prerequisites"),
}
