"""Finds out who looks at a page: the principal of the token in the cookie `score_token`.

The cookie is httpOnly, SameSite=Lax and, over https, Secure. Cookies belong to a host, not to a port, so on one
machine a single sign-in serves the pages of all services. An expired or forged token counts as nobody. The API never
reads the cookie, so no page of another site can use it.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from functools import cache
from pathlib import Path

from flask import g, request
from werkzeug.wrappers import Response

from shared.access.errors import Unauthenticated
from shared.access.tokens import principal_of
from shared.domain.errors import Forbidden
from shared.kernel.principal import Principal
from shared.kernel.settings.current import settings

TOKEN_COOKIE = "score_token"  # noqa: S105 - the cookie's name
VISIT_COOKIE = "score_visit"
CSRF_FIELD = "_csrf"
LONGEST_COOKIE = 3800


class FormExpired(Forbidden):
    """The form's CSRF token does not belong to this visit; nothing was done."""

    type_name = "form-expired"


def visitor() -> Principal | None:
    if "score_visitor" not in g:
        g.score_visitor = _principal_of_cookie()
    principal: Principal | None = g.score_visitor
    return principal


def had_a_session() -> bool:
    return TOKEN_COOKIE in request.cookies


def _principal_of_cookie() -> Principal | None:
    token = request.cookies.get(TOKEN_COOKIE)
    if not token:
        return None
    try:
        return principal_of(token)
    except Unauthenticated:
        return None


def set_private_cookie(response: Response, name: str, value: str, max_age: int | None = None) -> None:
    response.set_cookie(name, value, max_age=max_age, httponly=True, samesite="Lax", secure=request.is_secure, path="/")


def forget(response: Response) -> None:
    for name in (TOKEN_COOKIE, VISIT_COOKIE):
        response.delete_cookie(name, path="/", httponly=True, samesite="Lax", secure=request.is_secure)


def csrf_token() -> str:
    """Return the session's token, or that of the visit of somebody not signed in; useless with any other cookie."""
    seed = request.cookies.get(TOKEN_COOKIE) or request.cookies.get(VISIT_COOKIE) or g.get("score_new_visit")
    if seed is None:
        seed = g.score_new_visit = secrets.token_urlsafe(24)
    return _csrf_of(seed)


def check_csrf() -> None:
    seed = request.cookies.get(TOKEN_COOKIE) or request.cookies.get(VISIT_COOKIE)
    sent = request.form.get(CSRF_FIELD, "")
    if seed is None or not hmac.compare_digest(_csrf_of(seed).encode(), sent.encode("utf-8", "replace")):
        raise FormExpired


def remember_visit(response: Response) -> None:
    if "score_new_visit" in g:
        set_private_cookie(response, VISIT_COOKIE, g.score_new_visit)


def _csrf_of(seed: str) -> str:
    return hmac.new(cookie_secret(), b"csrf:" + seed.encode(), hashlib.sha256).hexdigest()


def cookie_secret() -> bytes:
    """Return the configured secret, or one from the embedded run's signing key, so that a restart keeps open forms valid."""
    configured = settings().cookie_secret
    if configured:
        return configured.encode()
    key = Path(settings().signing_key) if settings().signing_key else None
    if key and key.is_file():
        return hashlib.sha256(b"cookies" + key.read_bytes()).digest()
    return _secret_of_this_process()


@cache
def _secret_of_this_process() -> bytes:
    return secrets.token_bytes(32)
