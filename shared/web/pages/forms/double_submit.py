"""Gives a form that is sent twice (a double press, a reload) one effect and one answer.

Every form of somebody who signed in carries a random value; the answer to it is a row written in the command's own
transaction, as for an API's `Idempotency-Key`. The content counts as part of the key: what was changed after going back is
another form, not a repeat.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from http import HTTPStatus
from typing import Final

import orjson
from flask import Response, g, make_response, request
from flask.typing import ResponseReturnValue
from pymongo.errors import BulkWriteError, DuplicateKeyError

from shared.access.permissions import PUBLIC
from shared.kernel.context import principal_or_none
from shared.kernel.keys import digest
from shared.storage.transaction import transactional
from shared.web.answer import Answer
from shared.web.idempotency import Key
from shared.web.pages.declare import Page
from shared.web.pages.forms.submitted_form import attached
from shared.web.pages.session.visitor import CSRF_FIELD

ONCE_FIELD = "_once"
FORM: Final = "form"  # what a digest is of


def act_once(form: Page, command: Callable[[], ResponseReturnValue]) -> ResponseReturnValue:
    """Return the answer of `command`, or of its first run. Runs in one transaction."""
    key = _key(form)
    try:
        return _run(key, command)
    except (DuplicateKeyError, BulkWriteError):
        # the other press of the button committed first, or somebody made the same: the command sees it now
        return _run(key, command)


@transactional
def _run(key: Key | None, command: Callable[[], ResponseReturnValue]) -> ResponseReturnValue:
    first_answer = _answer_before(key)
    if first_answer is not None:
        return first_answer
    response = make_response(command())
    if key is not None and response.status_code == HTTPStatus.SEE_OTHER:
        notice = orjson.dumps(g.get("score_said"))
        key.keep(Answer(HTTPStatus.SEE_OTHER, notice, {"Location": response.headers["Location"]}))
    return response


def _answer_before(key: Key | None) -> Response | None:
    answer = key.kept() if key is not None else None
    if answer is None:
        return None
    notice = orjson.loads(answer.body)
    if notice is not None:
        g.score_said = notice
    return Response(status=answer.status, headers=dict(answer.headers))


def _key(form: Page) -> Key | None:
    once = request.form.get(ONCE_FIELD)
    if not once or form.permits is PUBLIC:
        return None
    typed = sorted((name, value) for name, value in request.form.items(multi=True) if name != CSRF_FIELD)
    files = sorted((name, hashlib.sha256(attached(name)).hexdigest()) for name in request.files)
    content = orjson.dumps([request.path, typed, files])
    operation = operation_of(form.name, digest(FORM, content))
    return Key.of(once, principal_or_none(), operation, content, required=False)


def operation_of(form: str, content: bytes) -> str:
    """Return what a form's key belongs to: the form, and the digest of what was typed."""
    return f"page:{form}:{content.hex()}"
