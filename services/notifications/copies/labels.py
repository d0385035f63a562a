"""Says what the parts of a mail are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shared.kernel.message import gettext_noop

FIELDS: Final[Mapping[str, str]] = {
    "headers": gettext_noop("Headers"),
    "value": gettext_noop("Value"),
    "text": gettext_noop("Text"),
    "html": gettext_noop("HTML"),
}
