"""Says what the codes of the register of trainers are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shared.i18n.labels import Label
from shared.kernel.message import gettext_noop

KINDS: Mapping[str, str] = {
    "provider": gettext_noop("Trainer of a private provider"),
    "government": gettext_noop("Instructor of a government training centre"),
    "ministry": gettext_noop("Official of a ministry"),
    "university": gettext_noop("Lecturer of a university"),
    "employers_organisation": gettext_noop("Trainer of an employers' organisation"),
    "trade_union": gettext_noop("Trainer of a trade union"),
    "freelance": gettext_noop("Freelance trainer"),
}

STATES: Final[Mapping[str, str]] = {
    "active": gettext_noop("Registered"),
    "erased": gettext_noop("Erased"),
}

CODES: Final[Mapping[str, Mapping[str, Label]]] = {
    "kind": KINDS,
    "state": STATES,
}
