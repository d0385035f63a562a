"""Indonesia's time zones: their IANA names, and what people call them."""

from __future__ import annotations

from typing import Final

WIB: Final = "Asia/Jakarta"
WIB_PONTIANAK: Final = "Asia/Pontianak"
WITA: Final = "Asia/Makassar"
WIT: Final = "Asia/Jayapura"


ZONES = {"Asia/Jakarta": "WIB", "Asia/Pontianak": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
ZONE_OF = {"WIB": "Asia/Jakarta", "WITA": "Asia/Makassar", "WIT": "Asia/Jayapura"}
