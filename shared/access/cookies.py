"""Names, reads and sets the platform's cookies, all alike, and holds the secret that signs what is in them.

Over https each is `__Host-`: the browser sends it to this host alone, and nobody who serves another name of the domain can
set it. Each is httpOnly and SameSite=Lax. Cookies belong to a host and not to a port, so on one machine all services share
them, and need one secret.
"""

from __future__ import annotations

import hashlib
import secrets
from functools import cache
from pathlib import Path
from typing import Final

from flask import request
from werkzeug.wrappers import Response

from shared.kernel.settings.current import settings

HOST_PREFIX: Final = "__Host-"


def read_cookie(name: str) -> str | None:
    return request.cookies.get(_sent_name(name))


def set_cookie(response: Response, name: str, value: str, max_age: int | None = None) -> None:
    """Set a cookie until the browser ends, or for `max_age` seconds."""
    secure = request.is_secure
    response.set_cookie(
        _sent_name(name), value, max_age=max_age, path="/", httponly=True, samesite="Lax", secure=secure
    )


def delete_cookie(response: Response, name: str) -> None:
    response.delete_cookie(_sent_name(name), path="/", httponly=True, samesite="Lax", secure=request.is_secure)


def cookie_secret() -> bytes:
    """Return the configured secret, or one from the embedded run's signing key, so that a restart keeps open forms valid."""
    configured = settings().cookie_secret
    if configured:
        return configured.encode()
    key = Path(settings().signing_key) if settings().signing_key else None
    if key and key.is_file():
        return hashlib.sha256(b"cookies" + key.read_bytes()).digest()
    return _secret_of_this_process()


def _sent_name(name: str) -> str:
    return f"{HOST_PREFIX}{name}" if request.is_secure else name


@cache
def _secret_of_this_process() -> bytes:
    return secrets.token_bytes(32)
