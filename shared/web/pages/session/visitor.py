"""Finds out who looks at a page: the principal of the token in the cookie `score_token`.

Cookies belong to a host, not to a port, so on one machine a single sign-in serves the pages of all services. A token that
is expired, forged or signed out counts as nobody. The API never reads the cookie, so no page of another site can use it.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta

from flask import g, request
from werkzeug.wrappers import Response

from shared.access.cookies import cookie_secret, delete_cookie, read_cookie, set_cookie
from shared.access.errors import Unauthenticated
from shared.access.tokens import end, principal_of
from shared.domain.errors import Forbidden
from shared.kernel.principal import Principal

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


def visitor_mark() -> str:
    """Return what tells one visitor's typing from another's in a browser that both use, without naming anybody."""
    somebody = visitor()
    return mark_of(somebody) if somebody else ""


def mark_of(somebody: Principal) -> str:
    return keyed("typed by:", f"{somebody.issuer} {somebody.subject}")[:16]


def had_a_session() -> bool:
    return read_cookie(TOKEN_COOKIE) is not None


def _principal_of_cookie() -> Principal | None:
    token = read_cookie(TOKEN_COOKIE)
    if not token:
        return None
    try:
        return principal_of(token)
    except Unauthenticated:
        return None


def begin_session(response: Response, token: str, lifetime: timedelta) -> None:
    """Set the cookie of a session; the page that is drawn with this answer belongs to it."""
    end_session(response)
    set_cookie(response, TOKEN_COOKIE, token, max_age=int(lifetime.total_seconds()))
    g.score_new_token = token
    g.score_visitor = principal_of(token)


def end_session(response: Response) -> None:
    """Take the cookies from the browser, and from whoever has copied them their use."""
    token = read_cookie(TOKEN_COOKIE)
    if token:
        end(token)
    for name in (TOKEN_COOKIE, VISIT_COOKIE):
        delete_cookie(response, name)


def csrf_token() -> str:
    """Return the session's token, or that of the visit of somebody not signed in; useless with any other cookie."""
    seed = (
        g.get("score_new_token") or read_cookie(TOKEN_COOKIE) or read_cookie(VISIT_COOKIE) or g.get("score_new_visit")
    )
    if seed is None:
        seed = g.score_new_visit = secrets.token_urlsafe(24)
    return _csrf_of(seed)


def check_csrf() -> None:
    seed = read_cookie(TOKEN_COOKIE) or read_cookie(VISIT_COOKIE)
    sent = request.form.get(CSRF_FIELD, "")
    if seed is None or not hmac.compare_digest(_csrf_of(seed).encode(), sent.encode("utf-8", "replace")):
        raise FormExpired


def remember_visit(response: Response) -> None:
    if "score_new_visit" in g:
        set_cookie(response, VISIT_COOKIE, g.score_new_visit)


def _csrf_of(seed: str) -> str:
    return keyed("csrf:", seed)


def keyed(purpose: str, text: str) -> str:
    return hmac.new(cookie_secret(), (purpose + text).encode(), hashlib.sha256).hexdigest()
