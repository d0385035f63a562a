"""Answers what went wrong as `application/problem+json` (RFC 9457), by one table and in the caller's language.

A `Problem` is answered as it is. What Flask, the store and the database library raise is translated here. Anything else
is our error: it is logged with its traceback and answered without any of it.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

import orjson
from flask import Flask, Response, request
from mongoengine.errors import NotUniqueError
from pymongo.errors import ConnectionFailure, DuplicateKeyError, ExecutionTimeout, PyMongoError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.routing import RequestRedirect

from shared.domain.errors import BodyTooLarge, Conflict, NotFound
from shared.i18n.language import language_of_caller
from shared.i18n.messages import fault_text, problem_text, title_of
from shared.kernel.context import current_trace
from shared.kernel.errors import Fault, Problem, Unavailable
from shared.observability import logs
from shared.storage import connection

MEDIA_TYPE: Final = "application/problem+json"
_TRANSIENT: Final = ("TransientTransactionError", "UnknownTransactionCommitResult", "RetryableWriteError")
_UNREACHABLE: Final = (ConnectionFailure, ExecutionTimeout)
_BY_STATUS: Final = {
    400: "malformed-request",
    405: "method-not-allowed",
    415: "unsupported-media-type",
    500: "internal-error",
    503: "unavailable",
}

log = logs.get(__name__)


def install(app: Flask) -> None:
    app.register_error_handler(Exception, answer)


def answer(error: Exception) -> Response:
    """Return the response to any exception that reaches the HTTP boundary."""
    if isinstance(error, RequestRedirect):
        return Response(status=error.code, headers={"Location": error.new_url})
    if isinstance(error, HTTPException) and isinstance(error.response, Response):
        return error.response
    return response_of(problem_of(error))


def problem_of(error: BaseException) -> Problem:
    """Return the problem that an exception is to the caller."""
    if isinstance(error, Problem):
        if error.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            log.warning("refused", problem=error.type_name, what=getattr(error, "what", ""))
        return error
    if isinstance(error, HTTPException):
        return _of_http(error)
    if isinstance(error, (NotUniqueError, DuplicateKeyError)):
        return Conflict()
    if isinstance(error, PyMongoError) and (is_transient(error) or connection.is_away(error)):
        log.warning("store unavailable", error=type(error).__name__)
        return Unavailable("store")
    log.error("unexpected error", exc_info=(type(error), error, error.__traceback__))
    return Problem()


def is_transient(error: PyMongoError) -> bool:
    """Return whether asking again may well succeed: the store is away, slow, or busy with a conflicting change."""
    return isinstance(error, _UNREACHABLE) or error.timeout or any(error.has_error_label(label) for label in _TRANSIENT)


def response_of(problem: Problem) -> Response:
    language = language_of_caller()
    trace = current_trace()
    document: dict[str, Any] = {
        "type": f"/problems/{problem.type_name}",
        "title": title_of(problem.type_name, language),
        "status": problem.status,
        "detail": problem_text(problem, language),
        "instance": request.path,
        "request_id": trace.request_id,
        **problem.members,
    }
    if problem.errors:
        document["errors"] = [_described_fault(fault, language) for fault in problem.errors]
    response = Response(orjson.dumps(document), status=problem.status, content_type=MEDIA_TYPE)
    response.headers.update(problem.headers)
    response.headers["Content-Language"] = language
    response.vary.add("Accept-Language")
    return response


class _HttpProblem(Problem):
    """A refusal by Flask or Werkzeug, with the status it chose."""

    def __init__(self, error: HTTPException) -> None:
        passed_on = ("Allow", "Retry-After")
        super().__init__(headers={name: value for name, value in error.get_headers() if name in passed_on})
        self.status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
        self.type_name = _BY_STATUS.get(self.status, "http-error")


def _of_http(error: HTTPException) -> Problem:
    if isinstance(error, RequestEntityTooLarge):
        return BodyTooLarge()
    if error.code == HTTPStatus.NOT_FOUND:
        return NotFound()
    return _HttpProblem(error)


def _described_fault(fault: Fault, language: str) -> dict[str, Any]:
    place = {"pointer": fault.pointer, "parameter": fault.parameter, "header": fault.header}
    known_place: dict[str, Any] = {name: value for name, value in place.items() if value is not None}
    return known_place | {"code": fault.code, "detail": fault_text(fault, language)}
