"""Indonesia's time zones: their IANA names, and what people call them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

WIB: Final = "Asia/Jakarta"
WIB_PONTIANAK: Final = "Asia/Pontianak"
WITA: Final = "Asia/Makassar"
WIT: Final = "Asia/Jayapura"

ZONES: Final[Mapping[str, str]] = {WIB: "WIB", WIB_PONTIANAK: "WIB", WITA: "WITA", WIT: "WIT"}
ZONE_OF: Final[Mapping[str, str]] = {"WIB": WIB, "WITA": WITA, "WIT": WIT}
