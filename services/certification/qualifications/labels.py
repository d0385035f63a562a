"""Says what the fields of qualifications are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from shared.kernel.message import gettext_noop

FIELDS: Final[Mapping[str, str]] = {"certificate": gettext_noop("Certificate")}
