"""Writes the API's document, OpenAPI 3.1, from the declarations: what it says is what is checked.

flask-smorest and apispec are untyped and confined to this module. Bodies and parameters are read by `StrictParser`,
errors are documented as `application/problem+json`, operation ids are the commands' names.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Final, NoReturn

import marshmallow
from flask import Flask, Request, Response
from flask_smorest import Api, Blueprint
from marshmallow import RAISE, ValidationError
from webargs.flaskparser import FlaskParser

from shared.access.permissions import PUBLIC
from shared.domain.errors import Invalid
from shared.kernel.errors import Fault
from shared.kernel.service import Service
from shared.tabular.media_types import CSV, XLSX
from shared.web.answer import JSON
from shared.web.api import json_body
from shared.web.api.document.examples import show_examples
from shared.web.api.document.finished import DEFAULT, finished
from shared.web.api.document.headers import ETAG, LINK, LOCATION, MAYBE_ETAG, REPLAYED, references
from shared.web.api.route import Route
from shared.web.errors import Malformed
from shared.web.faults import faults_of, faults_with_rules
from shared.web.schema import Schema, View

Handle = Callable[..., Response]
BEARER: Final = "bearer"
LICENSE: Final = {"name": "Apache License 2.0", "identifier": "Apache-2.0"}
FORMS: Final = ("application/x-www-form-urlencoded", "multipart/form-data")
_ONE_CLICK: Final[Mapping[str, Any]] = {  # the only form that is no page's (RFC 8058, 3.1)
    "type": "object",
    "properties": {"List-Unsubscribe": {"type": "string", "const": "One-Click"}},
    "additionalProperties": False,
}
_TEXT: Final[Mapping[str, str]] = {"type": "string"}
_FILE: Final[Mapping[str, str]] = {"type": "string", "format": "binary"}
_NEEDED: Final = "ETag of the version that was read; 428 without it, 412 when the object has moved on"
_OPTIONAL: Final = (
    "May be left out: the step is judged by the state that the object has then. With the ETag of the version that was read it "
    "is refused with 412 when the object has moved on"
)
HERE: Final = {"url": "/", "description": "Where this document was read"}


class ProblemApi(Api):  # type: ignore[misc]
    """flask-smorest's Api with our problems in its document; answering them is `shared.web.api.problems`' work."""

    DEFAULT_RESPONSE_CONTENT_TYPE: str = JSON

    def __init__(self, app: Flask, service: Service, **options: Any) -> None:
        self.service = service
        super().__init__(app, **options)

    def document(self) -> dict[str, Any]:
        """Return the document of the service, with what answers have in common and an example of each operation."""
        return show_examples(finished(self.spec.to_dict(), self.service.name), self.service.folder)

    def _register_responses(self) -> None:
        """Register each refusal by its name; `finished` says what it is like."""
        for name in (*(status.name for status in HTTPStatus), DEFAULT):
            self.spec.components.response(name, {"description": name}, lazy=True)

    def _register_error_handlers(self) -> None:
        """Register nothing: `shared.web.api.problems` has done it."""


class StrictParser(FlaskParser):
    """Reads bodies by `shared.web.api.json_body`; refuses what no schema knows, wherever it stands."""

    DEFAULT_UNKNOWN_BY_LOCATION: dict[str, str | None] = {  # noqa: RUF012 - as the parent declares it
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "query": RAISE,
    }

    def load_json(self, req: Request, schema: marshmallow.Schema) -> Any:
        del schema
        return json_body.read_json(req)

    def load_querystring(self, req: Request, schema: marshmallow.Schema) -> Any:
        repeated = [name for name, values in req.args.lists() if len(values) > 1]
        if repeated:
            raise Malformed(errors=[Fault("repeated", parameter=name) for name in repeated])
        return super().load_querystring(req, schema)

    def handle_error(
        self, error: ValidationError, req: Request, schema: marshmallow.Schema, **_options: Any
    ) -> NoReturn:
        del req
        # `normalized_messages` is not annotated by marshmallow
        for location, messages in error.normalized_messages().items():  # type: ignore[no-untyped-call]
            if location == "json":
                raise Invalid(errors=faults_with_rules(schema, error, messages))
            raise Malformed(errors=faults_of(messages, location=location))
        raise Invalid from error


class Operations(Blueprint):  # type: ignore[misc]
    ARGUMENTS_PARSER = StrictParser()

    def add(self, route: Route, handle: Handle) -> None:
        def view(body: Any = None, query: Any = None, **path: Any) -> Response:
            return handle(route, path, body, query)

        view.__name__ = route.operation
        view.__doc__ = route.handler.__doc__ or route.operation.replace("_", " ").capitalize()
        decorated: Any = view
        for status in _refusals(route):
            decorated = self.alt_response(status, response=status.name)(decorated)
        if _has_version(route):
            unchanged = {"description": "Still the version that `If-None-Match` names", "headers": references(ETAG)}
            decorated = self.alt_response(304, **unchanged)(decorated)
        for media_type in (CSV, XLSX) if route.listing else route.produces:
            content = _TEXT if media_type.startswith("text/") else _FILE
            about = {"schema": content, "content_type": media_type, "success": not route.listing}
            if route.tagged:
                about["headers"] = references(ETAG)
            decorated = self.alt_response(200, **about)(decorated)
        schema = route.listing.page if route.listing else route.returns
        if not route.produces:
            success = route.status if schema else HTTPStatus.NO_CONTENT
            decorated = self.response(success, schema, headers=references(_headers(route)))(decorated)
        # instances, since webargs would build a schema anew for every request
        if route.query is not None:
            decorated = self.arguments(route.query(), location="query", arg_name="query")(decorated)
        if route.body is not None:
            decorated = self.arguments(route.body(), arg_name="body")(decorated)
        decorated = self.doc(**_described(route))(decorated)
        self.add_url_rule(route.rule, route.operation, decorated, methods=[route.method], parameters=[])

    def _prepare_doc_headers(self, doc: dict[str, Any], doc_info: dict[str, Any], **_: Any) -> dict[str, Any]:
        doc.setdefault("parameters", []).extend(doc_info.get("manual_doc", {}).pop("x-header-parameters", []))
        if doc_info.get("manual_doc", {}).pop("x-merge-patch", False):
            content = doc["requestBody"]["content"]
            content[json_body.MERGE_PATCH] = dict(content[JSON])  # an example is shown once
        return doc

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._prepare_doc_cbks.append(self._prepare_doc_headers)


def configure(app: Flask, service: Service, version: str) -> ProblemApi:
    description = "Every problem type is explained under /problems/. Texts follow Accept-Language; codes never change."
    app.config.update(API_TITLE=service.title, API_VERSION=version, OPENAPI_VERSION="3.1.0", OPENAPI_URL_PREFIX=None)
    api = ProblemApi(
        app, service, spec_kwargs={"info": {"description": description, "license": LICENSE}, "servers": [HERE]}
    )
    api.ma_plugin.converter.add_attribute_function(_left_out)
    api.spec.components.security_scheme(BEARER, {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"})
    return api


def _left_out(_converter: object, field: marshmallow.fields.Field[Any], ret: dict[str, Any]) -> dict[str, Any]:
    """Say that null is taken where it stands for a field that is left out; said as `Converter.field2nullable` says it."""
    if not isinstance(field.parent, Schema) or isinstance(field.parent, View) or not field.parent.leaves_out(field):
        return {}
    if "$ref" in ret:
        return {"anyOf": [{"$ref": ret.pop("$ref")}, {"type": "null"}]}
    return {"type": [ret["type"], "null"]} | ({"enum": [*ret["enum"], None]} if "enum" in ret else {})


def _refusals(route: Route) -> list[HTTPStatus]:
    statuses = [
        HTTPStatus.BAD_REQUEST,
        HTTPStatus.NOT_ACCEPTABLE,
        HTTPStatus.TOO_MANY_REQUESTS,
        HTTPStatus.SERVICE_UNAVAILABLE,
    ]
    if route.permits is not PUBLIC:
        statuses += [HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN]
    by_link = route.permits is PUBLIC and route.body is not None  # a signed link in a body names an object
    if "<" in route.rule or by_link or route.keeps_answers:  # or the object has moved away before a repeat
        statuses.append(HTTPStatus.NOT_FOUND)
    if route.may_be_gone:
        statuses.append(HTTPStatus.GONE)
    if route.method != "GET":
        statuses += [HTTPStatus.CONFLICT, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNPROCESSABLE_ENTITY]
    if route.body is not None or route.consumes != (JSON,):
        statuses.append(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    if route.current is not None:
        statuses.append(HTTPStatus.PRECONDITION_FAILED)
    if route.method in ("PUT", "PATCH"):
        statuses.append(HTTPStatus.PRECONDITION_REQUIRED)
    return statuses


def _has_version(route: Route) -> bool:
    """Return whether the route reads one object that is numbered by its version, or a file that is marked by its content."""
    return route.method == "GET" and (route.tagged or _shows_version(route))


def _shows_version(route: Route) -> bool:
    return route.view is not None and "version" in route.view.fields


def _headers(route: Route) -> dict[str, str]:
    """Return the headers of a success, by the names of their descriptions."""
    headers = (
        LINK
        if route.listing
        else ETAG
        if _shows_version(route)
        else MAYBE_ETAG
        if route.location or route.current
        else {}
    )
    headers = headers | (LOCATION if route.location else {})
    return headers | (REPLAYED if route.keeps_answers else {})


def _described(route: Route) -> dict[str, Any]:
    headers = [_header("Accept-Language", "Language of texts: `id` (default) or `en`")]
    if route.keeps_answers:
        needed = route.idempotency == "required"
        repeated = "A repeat with the same key gets the first answer; 1 to 128 visible ASCII characters"
        headers.append(_header("Idempotency-Key", repeated, required=needed))
    if _has_version(route):
        headers.append(_header("If-None-Match", "ETag of the version that the caller has; 304 while it is the last"))
    if route.current is not None:
        needed = route.method in ("PUT", "PATCH")
        headers.append(_header("If-Match", _NEEDED if needed else _OPTIONAL, required=needed))
    described: dict[str, Any] = {"operationId": route.operation, "x-header-parameters": headers}
    described["description"] = _explained(route)
    described["security"] = [] if route.permits is PUBLIC else [{BEARER: []}]
    described["x-permits"] = sorted(route.permits)
    described |= {"x-merge-patch": True} if route.method == "PATCH" else {}
    if route.consumes != (JSON,):
        content = {kind: {"schema": _ONE_CLICK if kind in FORMS else _FILE} for kind in route.consumes}
        described["requestBody"] = {"required": True, "content": content}
    return described


def _explained(route: Route) -> str:
    """Return what the handler says beyond its first line, and who may call it."""
    _, _, more = (route.handler.__doc__ or "").partition("\n\n")
    callers = "anybody, without a token" if route.permits is PUBLIC else ", ".join(sorted(route.permits))
    noted = " Each call is noted in the access log." if route.personal else ""
    return f"{inspect.cleandoc(more)} For {callers}.{noted}".strip()


def _header(name: str, description: str, *, required: bool = False) -> dict[str, Any]:
    schema = {"type": "string"}
    return {"in": "header", "name": name, "required": required, "description": description, "schema": schema}
