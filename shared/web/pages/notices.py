"""A sentence that survives a redirect: what a form achieved, shown once on the next page.

It travels as a signed cookie holding the source string and its values, and is translated where it is shown.
"""

from __future__ import annotations

from typing import Any

from flask import g, request
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from shared.web.pages.language import gettext
from shared.web.pages.visitor import cookie_secret, set_private_cookie

COOKIE = "score_said"


def say(message: str, **values: object) -> None:
    g.score_said = [message, {name: str(value) for name, value in values.items()}]


def said() -> str | None:
    """The sentence to show on this page; reading it uses it up."""
    raw = request.cookies.get(COOKIE)
    if raw is None:
        return None
    g.score_said_shown = True
    try:
        message, values = _serializer().loads(raw)
    except BadSignature:
        return None
    return gettext(message, **values)


def carry(response: Response) -> None:
    if "score_said" in g:
        set_private_cookie(response, COOKIE, _dumped(g.score_said), max_age=60)
    elif "score_said_shown" in g:
        response.delete_cookie(COOKIE, path="/", httponly=True, samesite="Lax", secure=request.is_secure)


def _dumped(value: list[Any]) -> str:
    dumped = _serializer().dumps(value)
    return dumped if isinstance(dumped, str) else dumped.decode()


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(cookie_secret(), salt="score-said")
