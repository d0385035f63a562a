"""Says what the variants and parts of cost recovery are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shared.i18n.labels import Label
from shared.kernel.message import gettext_noop

# the variants of reference/domain.md, section 4.1
VARIANTS: Mapping[str, str] = {
    "accrual": gettext_noop("As invoiced"),
    "cash": gettext_noop("As paid"),
    "incl_in_kind": gettext_noop("As invoiced, with what was given in kind"),
}

PARTS: Mapping[str, str] = {
    "period": gettext_noop("By month"),
    "module": gettext_noop("By module"),
    "provider": gettext_noop("By training provider"),
}

CODES: Final[Mapping[str, Mapping[str, Label]]] = {"variant": VARIANTS, "by": PARTS}
