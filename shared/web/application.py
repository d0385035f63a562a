"""Makes one service a WSGI application, everything found by the names of its files.

It refuses to start when a rule has no declared permission. Around every request: its ids and trace, who is calling, the
rate limit, one line in the log, the metrics, the security headers; what goes wrong is answered as a problem document.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import chain
from typing import Any, Final

from flask import Flask, Response, current_app, g, request

from shared.access import permissions, rate_limit, tokens
from shared.access.addresses import is_own_host
from shared.access.errors import Unauthenticated
from shared.access.permissions import PUBLIC
from shared.access.tokens import TokenChecks
from shared.domain.errors import Forbidden
from shared.i18n.catalogues import Catalogues
from shared.kernel.context import acting_as, tracing
from shared.kernel.errors import Unavailable
from shared.kernel.principal import Principal
from shared.kernel.service import Service, version
from shared.kernel.settings.current import settings
from shared.observability import logs, metrics
from shared.web import correlation, headers, health
from shared.web.api import documentation, openapi, problems
from shared.web.api.dispatch import note_access
from shared.web.api.operations import operations
from shared.web.api.route import Route, route_of
from shared.web.api.routes import Routes
from shared.web.bounded_request import BoundedRequest
from shared.web.documents import event_contracts
from shared.web.errors import MisdirectedRequest

MAX_FORM_PARTS: Final = 50
STATIC_SECONDS: Final = 3_600
UNMATCHED: Final = "unmatched"
METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER_METHOD: Final = "other"
LARGEST_BODY: Final = "score.largest_body"  # that any operation or form takes: a server need not read on beyond it

log = logs.get("http")


class Application(Flask):
    """Flask, which gives each request a trace, the service's words and a line in log and metrics, however it ends."""

    def __init__(self, service: Service) -> None:
        super().__init__("shared.web", static_folder="static", static_url_path="/static/web")
        self.catalogues = Catalogues.of(service)

    request_class = BoundedRequest

    def full_dispatch_request(self) -> Response:
        with tracing(correlation.trace_of(request)), self.catalogues.in_use():
            started = time.perf_counter()
            response = super().full_dispatch_request()
            _record_request(response, time.perf_counter() - started)
            return response

    def dispatch_request(self) -> Any:
        principal = g.get("principal")
        if principal is None:
            return super().dispatch_request()
        with acting_as(principal):
            return super().dispatch_request()


def create_app(
    service: Service, token_checks: TokenChecks, *, checks: dict[str, Callable[[], None]] | None = None
) -> Flask:
    """Make a service's application; `checks` adds dependencies to `/health/ready`: a name and a callable that raises."""
    app = Application(service)
    app.config["MAX_CONTENT_LENGTH"] = settings().max_body_bytes
    app.config["MAX_FORM_PARTS"] = MAX_FORM_PARTS
    app.config["SEND_FILE_MAX_AGE_DEFAULT"] = STATIC_SECONDS
    problems.install(app)
    tokens.install(app, token_checks)
    app.before_request(_refuse_other_hosts)
    app.before_request(_identify)
    rate_limit.install(app, health.PATHS)
    app.before_request(_authorise)
    app.after_request(headers.compress)
    app.after_request(headers.secure)
    app.after_request(correlation.echo)

    document = openapi.configure(app, service, version())
    _install_operations(app, service, document)
    health.install(app, checks)
    front_page: documentation.FrontPage | None = None
    if service.pages:
        # a service without pages does not load them
        from shared.web.pages import installation
        from shared.web.pages.declare import Pages

        installation.install(app, service, Pages.joined(service.pages))
        front_page = installation.front_page
    documentation.install(app, document, service, version(), front_page)
    event_contracts.install(app, version())
    declared = (*chain(*(routes.declared for routes in service.routes)), *chain(*service.pages))
    app.extensions[LARGEST_BODY] = max(
        [settings().max_body_bytes, *(declaration.largest_body or 0 for declaration in declared)]
    )
    permissions.require_declared(app)
    return app


def routes_of(service: Service) -> tuple[Routes, ...]:
    """Return the operations of a service: its own, and those that every service has."""
    if not service.pages:
        return (*service.routes, operations)
    from shared.web.pages.work.operation import work  # as above

    return (*service.routes, operations, work)


def _install_operations(app: Flask, service: Service, document: openapi.ProblemApi) -> None:
    all_routes = routes_of(service)
    for routes in all_routes:
        routes.install(app, document, beside=all_routes)


def document_of(service: Service) -> dict[str, Any]:
    """Return the OpenAPI document of a service without starting it."""
    app = Flask(__name__)
    document = openapi.configure(app, service, version())
    _install_operations(app, service, document)
    return document.document()


def _refuse_other_hosts() -> Response | None:
    """Answer what is meant for another host, pages too without a page: its links would lead there.

    Health and metrics are asked for by machines, under whatever name they know, and tell nothing.
    """
    if request.path in health.PATHS or is_own_host(request.environ.get("HTTP_HOST", "")):
        return None
    return problems.answer(MisdirectedRequest())


def _identify() -> None:
    """Find out who is calling. A bad token is refused only after the rate limit has counted it."""
    g.principal = None
    route = _route_asked_for()
    if route is None or route.permits is PUBLIC:
        return
    try:
        g.principal = tokens.principal_of_request(request)
    except (Unauthenticated, Unavailable) as refused:
        g.refused = refused


def _authorise() -> None:
    route = _route_asked_for()
    if route is None:
        return
    if "refused" in g:
        raise g.refused
    if route.largest_body is not None:
        request.max_content_length = route.largest_body
    principal: Principal | None = g.principal
    if route.permits is PUBLIC or (principal is not None and principal.role in route.permits):
        return
    if route.personal and principal is not None:
        with acting_as(principal):
            note_access(route, request.view_args or {}, "forbidden")
    raise Forbidden


def _route_asked_for() -> Route | None:
    """Return the operation whose permission counts; none for OPTIONS, which only tells which methods there are."""
    return None if request.method == "OPTIONS" else route_of(current_app, request.endpoint)


def _record_request(response: Response, seconds: float) -> None:
    rule = request.url_rule.rule if request.url_rule is not None else UNMATCHED
    method = request.method if request.method in METHODS else OTHER_METHOD
    metrics.HTTP_REQUESTS.labels(method, rule, str(response.status_code)).inc()
    metrics.HTTP_DURATION.labels(method, rule).observe(seconds)
    if rule in health.PATHS:
        return
    principal: Principal | None = g.get("principal")
    log.info(
        "request",
        method=method,
        route=rule,
        status=response.status_code,
        ms=round(seconds * 1000, 1),
        role=principal.role if principal else None,
        institution=str(principal.institution) if principal and principal.institution else None,
    )
