"""Fields of requests that several subjects share."""

from __future__ import annotations

from typing import get_args

from shared.contracts import values

LANGUAGES = get_args(values.Language)
