"""Runs the handler of a checked request and makes the answer from its result.

A change runs in one transaction: the kept answer to its `Idempotency-Key`, the version it expects, the command, the
dump of the result, the rows of the idempotency and access logs. All of it commits, or none. It may run again from the
start when the store reports a conflict, so handlers get their own copy of the body and have no effect elsewhere.

A kept answer is given again to who may read its object now, and noted as a read: what the caller may do has changed since.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

import orjson
from flask import Request, Response, current_app, request
from pymongo.errors import ConnectionFailure, DuplicateKeyError, PyMongoError

from shared.access import access_log
from shared.domain.errors import Forbidden, NotFound
from shared.kernel import failpoints
from shared.kernel.context import principal_or_none
from shared.kernel.errors import Fault, Problem
from shared.observability import metrics
from shared.storage.transaction import transactional
from shared.web import idempotency
from shared.web.answer import JSON, Answer, answer_of, version_headers
from shared.web.api import preconditions
from shared.web.api.json_body import refuse_body, require_media_type
from shared.web.api.locks import turn
from shared.web.api.problems import is_transient
from shared.web.api.route import Route, route_of
from shared.web.errors import Malformed, StillRunning
from shared.web.idempotency import HEADER, Key

SAFE = frozenset({"GET", "HEAD"})


def handle(route: Route, path: Mapping[str, Any], body: Any, query: Mapping[str, Any] | None) -> Response:
    preconditions.require_acceptable(request, *route.media_types(request.args.get("format")))
    if route.formats and query is not None and "format" not in query:
        query = {**query, "format": preconditions.best_format(request, route.formats)}
    if query is None and request.args:
        raise Malformed(errors=[Fault("unknown-parameter", parameter=name) for name in request.args])
    try:
        if request.method in SAFE:
            return _read(route, path, query)
        return _change(route, path, body, query)
    except (Forbidden, NotFound) as refused:
        if route.personal:
            outcome = "forbidden" if isinstance(refused, Forbidden) else "not_found"
            note_access(route, path, outcome)
        raise


def note_access(route: Route, path: Mapping[str, Any], outcome: str) -> None:
    kind = route.endpoint.split(".")[0]
    access_log.note(principal_or_none(), route.operation, kind, access_log.concerned(path), outcome)


def _read(route: Route, path: Mapping[str, Any], query: Mapping[str, Any] | None) -> Response:
    if route.listing is not None and query is not None:
        list_query = route.listing.query(query)
        response = route.listing.answer(request, route.handler(**path, query=list_query), list_query)
    else:
        result = route.handler(**path, **({} if query is None else {"query": query}))
        if isinstance(result, Response):
            response = preconditions.tagged(request, result) if route.tagged else result
        elif preconditions.unchanged(request, (headers := version_headers(result, route.view)).get("ETag")):
            response = Response(status=304, headers=headers)
        else:
            response = answer_of(result, route.view, route.status).response()
    if route.formats:
        response.vary.add("Accept")
    if route.personal:
        note_access(route, path, "allowed")
    return response


def _change(route: Route, path: Mapping[str, Any], body: Any, query: Mapping[str, Any] | None) -> Response:
    _check_body(route)
    expected = preconditions.expected_tags(request, required=route.method in ("PUT", "PATCH"))
    principal = principal_or_none()
    key = None
    if route.keeps_answers:
        required = route.idempotency == "required"
        key = Key.of(request.headers.get(HEADER), principal, route.operation, _canonical(request), required=required)

    failpoints.hit("api.after_parse", route.operation)

    def work() -> Answer:
        if expected is not None and route.current is not None:
            preconditions.require_tag(route.current(**_object_arguments(route, path)), expected)
        arguments = {"body": copy.deepcopy(body)} if route.body is not None else {}
        if query is not None:
            arguments["query"] = dict(query)
        answer = answer_of(route.handler(**path, **arguments), route.view, route.status, route.location)
        if route.personal:
            note_access(route, path, "allowed")
        if key is not None:
            key.keep(answer)
        failpoints.hit("api.before_commit", route.operation)
        return answer

    failpoints.hit("api.before_txn", route.operation)
    with turn(path, route.current_arguments, wanted=route.serialised), idempotency.under(key):
        answer = _commit_once(route, path, work, key)
    failpoints.hit("api.after_commit", route.operation)
    response = answer.response()
    failpoints.hit("api.before_response", route.operation)
    return response


def _commit_once(
    route: Route, path: Mapping[str, Any], work: Callable[[], Answer], key: Key | None, *, last: bool = False
) -> Answer:
    """Carry out a change. Of two with one key the first to commit gives the answer; the other may be told to wait.

    A repetition is tried like anything new: it fails at the latest where it would keep its answer, and whatever it fails
    with, what was answered before is answered again. So only a failure pays for looking. Who meets a row that another request
    has just made is judged once more: now it is there to be seen, and the command says what is wrong in its own words.
    """
    try:
        return transactional(work)()
    except (Problem, DuplicateKeyError) as refused:
        first_answer = key.kept() if key else None
        if first_answer is None:
            if isinstance(refused, Problem):
                refused.remember()
            elif not last:
                return _commit_once(route, path, work, key, last=True)
            raise
        _read_again(route, path, first_answer)
        metrics.IDEMPOTENT_REPLAYS.labels(route.operation).inc()
        return first_answer
    except PyMongoError as failed:
        if key is not None and is_transient(failed) and not isinstance(failed, ConnectionFailure):
            raise StillRunning from failed
        raise


def _read_again(route: Route, path: Mapping[str, Any], answer: Answer) -> None:
    """Read the object that a kept answer shows; raise `NotFound` where the caller may no longer. One that was merged is there."""
    read, arguments = route.current, _object_arguments(route, path)
    if "Location" in answer.headers:
        endpoint, named = current_app.url_map.bind("").match(answer.headers["Location"], method="GET")
        made = route_of(current_app, endpoint)
        read, arguments = made.handler if made else None, dict(named)
    if read is None:
        raise NotFound(route.operation)
    if (object_id := access_log.object_of(arguments)) is not None:
        access_log.concerns(object_id)
    try:
        read(**arguments)
    except Problem as refused:
        if isinstance(refused, (Forbidden, NotFound)):
            raise
    if route.personal:
        note_access(route, path, "allowed")


def _object_arguments(route: Route, path: Mapping[str, Any]) -> dict[str, Any]:
    """Return the path arguments that name the object: `/v1/trainings/<id>/delivery` is about `/v1/trainings/<id>`."""
    return {name: path[name] for name in route.current_arguments}


def _check_body(route: Route) -> None:
    if route.body is not None:
        return
    if route.consumes == (JSON,):
        refuse_body(request)
    else:
        require_media_type(request, *route.consumes)
        request.get_data()  # one that is too long is refused, whatever the operation does with it


def _canonical(received: Request) -> bytes:
    """Return path, query and body, so written that two equal requests are equal bytes."""
    data = received.get_data(cache=True)
    if received.mimetype == JSON and data:
        data = orjson.dumps(orjson.loads(data), option=orjson.OPT_SORT_KEYS)
    return b"\n".join([received.path.encode(), received.query_string, data])
