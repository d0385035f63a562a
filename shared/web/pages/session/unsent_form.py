"""Carries what was typed through a sign-in, for browsers without scripts: of a form that came when its session had ended.

Nothing of it is stored. The sign-in page carries it in the browser, signed, and gives it back to whoever typed it: the form
is then drawn again with it, and sent by a press of its button. Files are chosen anew. A form that another site sent here is
not carried, since the browser keeps the cookie of a living session from it too.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Final, Self
from urllib.parse import urlsplit

import orjson
from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from shared.web.pages.session.visitor import CSRF_FIELD, keyed

BY_FIELD: Final = "_by"  # whose form it is: the mark of the visitor for whom it was drawn
AGAIN_FIELD: Final = "_again"  # draw the form with what was typed, do nothing
UNSENT_FIELD: Final = "unsent"
LONGEST: Final = 200_000  # characters, of all that was typed; a form holds a few thousand


@dataclass(frozen=True, slots=True)
class UnsentForm:
    """What was typed into a form that nobody could be asked about, where it goes, and whose it is."""

    action: str
    by: str
    typed: tuple[tuple[str, str], ...]

    @classmethod
    def of_request(cls, page_address: str, largest_body: int | None) -> Self | None:
        """Return the form of this request, unless another site sent it, nothing tells whose it is, or it is too long."""
        if largest_body is not None:
            request.max_content_length = largest_body
        if not is_from_here():
            return None
        try:
            by = request.form.get(BY_FIELD, "")
        except RequestEntityTooLarge:
            return None
        query = urlsplit(page_address).query
        typed = tuple(
            pair for pair in request.form.items(multi=True) if pair[0] not in (CSRF_FIELD, BY_FIELD, AGAIN_FIELD)
        )
        is_short = sum(len(name) + len(value) for name, value in typed) <= LONGEST
        return cls(f"{request.path}?{query}" if query else request.path, by, typed) if by and is_short else None

    @classmethod
    def read(cls, text: str) -> Self | None:
        """Return the form that a sign-in page carried; None where it is not what this platform wrote."""
        packed, _, mark = text.partition(".")
        if not packed or not hmac.compare_digest(_mark(packed).encode(), mark.encode("utf-8", "replace")):
            return None
        action, by, typed = orjson.loads(urlsafe_b64decode(packed))
        return cls(action, by, tuple((name, value) for name, value in typed))

    def written(self) -> str:
        packed = urlsafe_b64encode(orjson.dumps([self.action, self.by, self.typed])).decode()
        return f"{packed}.{_mark(packed)}"


def is_from_here() -> bool:
    """Return whether a page of this host sent the form, by what the browser says and no page can say for it."""
    origin = request.headers.get("Origin") or request.referrer or ""
    return urlsplit(origin).netloc == request.host


def _mark(packed: str) -> str:
    return keyed("unsent form:", packed)
