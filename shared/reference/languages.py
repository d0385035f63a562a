"""Says in which languages people are written to, by ISO 639-1, and what these are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shared.kernel.message import gettext_noop

LANGUAGES: Final[Mapping[str, str]] = {"id": gettext_noop("Indonesian"), "en": gettext_noop("English")}
