"""Says what the fields of prices are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shared.kernel.message import gettext_noop, pgettext_noop

FIELDS: Final[Mapping[str, str]] = {
    "amount.amount": pgettext_noop("column", "Amount"),
    "amount.currency": gettext_noop("Currency"),
}
