"""Says what the fields of comparisons are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shared.kernel.message import gettext_noop, pgettext_noop

FIELDS: Final[Mapping[str, str]] = {
    "day": gettext_noop("Day (UTC)"),
    "compared": pgettext_noop("column", "Compared"),
    "told": pgettext_noop("column", "Refused for enterprises of others"),
    "enterprise_ids": gettext_noop("IDs of these enterprises"),
}
