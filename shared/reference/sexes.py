"""Says what the sexes are called: of one person, and of several who are counted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shared.kernel.message import gettext_noop

SEXES: Final[Mapping[str, str]] = {"female": gettext_noop("Woman"), "male": gettext_noop("Man")}
COUNTED_SEXES: Final[Mapping[str, str]] = {"female": gettext_noop("Women"), "male": gettext_noop("Men")}
