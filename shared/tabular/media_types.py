"""Names the media types of spreadsheets."""

from __future__ import annotations

from typing import Final

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


CSV: Final = "text/csv"
