"""Answers whoever comes by a signed link that opens nothing, in the words of every service alike."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from flask import make_response
from flask.typing import ResponseReturnValue

from shared.web.pages.rendering import render

EXPIRED: Final = "link-expired"
NOT_VALID: Final = "link-not-valid"
STATUSES: Final = {EXPIRED: HTTPStatus.GONE, NOT_VALID: HTTPStatus.NOT_FOUND}


def link_ended(code: str = NOT_VALID) -> ResponseReturnValue:
    """Say why a link opens nothing: `code` is that of `read_link`; one of somebody who is gone is told to be no link."""
    return make_response(render("link_ended.html", refusal=code), STATUSES[code])
