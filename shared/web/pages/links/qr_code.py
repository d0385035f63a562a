"""Draws an address as a code that a phone's camera reads."""

from __future__ import annotations

import segno
from markupsafe import Markup


def qr_code(address: str, *, scale: int = 3) -> Markup:
    """Return an inline SVG; `scale` is the side of a square of the code, in pixels."""
    return Markup(segno.make(address, error="m", micro=False).svg_inline(scale=scale, border=2))  # noqa: S704 - drawn by the library
