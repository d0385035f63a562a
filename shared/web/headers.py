"""Sets the security headers of every answer. A page that needs more of the browser sets its own policy, which stands.

What came by https, by the word of a declared proxy, tells the browser to come by https only.
"""

from __future__ import annotations

from typing import Final

from flask import Response, request

from shared.kernel.settings.current import settings

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


def secure(response: Response) -> Response:
    for name, value in _ALWAYS.items():
        response.headers.setdefault(name, value)
    if request.is_secure and settings().hsts_seconds:
        response.headers["Strict-Transport-Security"] = f"max-age={settings().hsts_seconds}; includeSubDomains"
    return response
