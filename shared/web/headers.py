"""Sets the security headers of every answer, and compresses what is large. A page's own policy stands.

What came by https, by the word of a declared proxy, tells the browser to come by https only. Only what systems read is
compressed, and nothing that was asked for with a cookie: the length of a compressed page tells of the secrets in it (BREACH).
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterable, Iterator
from typing import Final

from flask import Response, request

from shared.kernel.settings.current import settings
from shared.tabular.media_types import CSV
from shared.web.answer import JSON, OF_GZIP

NOTHING: Final = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
OWN_ASSETS: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
_ALWAYS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": NOTHING,
    "Cache-Control": "no-store",
}
COMPRESSED: Final = (JSON, "application/problem+json", CSV)
GZIP_BITS: Final = 16 + zlib.MAX_WBITS  # how zlib is told to write gzip


def secure(response: Response) -> Response:
    for name, value in _ALWAYS.items():
        response.headers.setdefault(name, value)
    if request.is_secure and settings().hsts_seconds:
        response.headers["Strict-Transport-Security"] = f"max-age={settings().hsts_seconds}; includeSubDomains"
    return response


def compress(response: Response) -> Response:
    """Write an answer for systems as gzip where the caller takes it and it is worth it."""
    if response.mimetype not in COMPRESSED:
        return response
    response.vary.add("Accept-Encoding")
    if not request.accept_encodings.quality("gzip") or request.method == "HEAD" or "Cookie" in request.headers:
        return response
    if response.is_streamed:
        rows = response.iter_encoded()
        response.response = _gzipped(rows)
        response.headers.pop("Content-Length", None)
    elif len(response.get_data()) >= settings().gzip_bytes:
        response.set_data(gzip.compress(response.get_data(), mtime=0))
    else:
        return response
    response.headers["Content-Encoding"] = "gzip"
    tag, weak = response.get_etag()
    if tag is not None:
        response.set_etag(f"{tag}{OF_GZIP}", weak=bool(weak))
    return response


def _gzipped(parts: Iterable[bytes]) -> Iterator[bytes]:
    compressor = zlib.compressobj(wbits=GZIP_BITS)
    for part in parts:
        if ready := compressor.compress(part):
            yield ready
    yield compressor.flush()
