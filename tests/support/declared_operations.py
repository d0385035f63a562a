"""Every operation of every service, from the declarations, so that a new route is tested without being mentioned here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import pytest
from flask import Flask, Response, current_app, request

from shared.access.permissions import PUBLIC
from shared.kernel.service import Service, declared
from shared.web.api.operations import operations
from shared.web.api.route import Route, route_of
from shared.web.pages.work.operation import work
from tests.support.applications import app_for

SERVICES = {service.name: service for service in declared()}
OPERATIONS: list[tuple[Service, Route]] = [
    (service, route)
    for service in SERVICES.values()
    for routes in (*service.routes, operations, work)
    for route in routes.declared
]
PARAMETER = re.compile(r"<(?:(\w+):)?(\w+)>")
UNKNOWN = "018f0000-0000-7000-8000-00000000dead"


@cache
def app_of(name: str) -> Flask:
    """Its answers are kept, to be compared with what its document says of them."""
    app = app_for(SERVICES[name])
    app.after_request(_keep_answer)
    return app


ANSWERED: set[tuple[str, str]] = set()


def _keep_answer(response: Response) -> Response:
    route = route_of(current_app, request.endpoint)
    if route is not None and request.method == route.method:
        ANSWERED.add((route.operation, str(response.status_code)))
    return response


@cache
def described() -> set[tuple[str, str]]:
    """Each operation of every service with each answer that its document tells of."""
    return {
        (operation["operationId"], status)
        for name in SERVICES
        for path in app_of(name).test_client().get("/openapi.json").json["paths"].values()
        for operation in path.values()
        if isinstance(operation, dict)
        for status in operation["responses"]
    }


def each(*, body: bool = False) -> pytest.MarkDecorator:
    """Parametrise a test over the operations that change something, or over those that take a body."""
    chosen = [
        pytest.param(service, route, id=f"{service.name}-{route.operation}")
        for service, route in OPERATIONS
        if route.method != "GET" and (not body or route.body is not None)
    ]
    return pytest.mark.parametrize(("service", "route"), chosen)


def of_service(name: str, *, guarded: bool = False, reads: bool = False) -> Iterator[Route]:
    """The operations of a service: those that need a token, those that only read."""
    for service, route in OPERATIONS:
        if service.name == name and not (guarded and route.permits is PUBLIC) and not (reads and route.method != "GET"):
            yield route


def path_of(route: Route, **arguments: object) -> str:
    """The address of a route; what is not given names nothing that exists."""
    return filled(route.rule, **arguments)


def filled(rule: str, **arguments: object) -> str:
    """An address with its parameters; what is not given names nothing that exists."""

    def fill(found: re.Match[str]) -> str:
        return str(arguments.get(found[2], UNKNOWN if found[1] == "uuid" else "NONE"))

    return PARAMETER.sub(fill, rule)


def role_for(route: Route) -> str:
    """A role that may call it, the programme where it may."""
    if route.permits is PUBLIC or "programme" in route.permits:
        return "programme"
    return min(route.permits)
