"""Carries a sentence over a redirect: what a form achieved, or why it did not, shown once on the next page.

It travels as a signed cookie holding the source string, its values and its kind, and is translated where it is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from flask import g
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from shared.access.cookies import cookie_secret, delete_cookie, read_cookie, set_cookie
from shared.i18n.language import gettext

COOKIE = "score_said"
Kind = Literal["good", "attention", "problem"]


@dataclass(frozen=True, slots=True)
class Flash:
    text: str
    kind: str


def flash(message: str, values: Mapping[str, object], kind: Kind) -> None:
    g.score_said = [message, {name: str(value) for name, value in values.items()}, kind]


def flashed() -> Flash | None:
    """Return the sentence to show on this page; reading it uses it up."""
    raw = read_cookie(COOKIE)
    if raw is None:
        return None
    g.score_said_shown = True
    try:
        message, values, kind = _serializer().loads(raw)
    except (BadSignature, ValueError):
        return None
    return Flash(gettext(message, **values), kind)


def carry(response: Response) -> None:
    if "score_said" in g:
        set_cookie(response, COOKIE, _dumped(g.score_said), max_age=60)
    elif "score_said_shown" in g:
        delete_cookie(response, COOKIE)


def _dumped(value: list[Any]) -> str:
    dumped = _serializer().dumps(value)
    return dumped if isinstance(dumped, str) else dumped.decode()


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(cookie_secret(), salt="score-said")
