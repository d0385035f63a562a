"""The languages that people are written to in, by ISO 639-1, with their labels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shared.kernel.message import gettext_noop

LANGUAGES: Final[Mapping[str, str]] = {"id": gettext_noop("Indonesian"), "en": gettext_noop("English")}
