"""Puts a service's pages into its application, and answers for them.

Order of a request: language, visitor, permission, CSRF, form, command, page. Somebody unknown is led to the sign-in
page and back; somebody who may not see a page is told so calmly. What the command refuses returns to the form beside
the field it is about; everything else becomes a page in words, without internals, with the request id. Declarations
that could not work stop the start.
"""

from __future__ import annotations

import copy
import hmac
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Flask, Response, g, make_response, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException

from shared.access import access_log, rate_limit
from shared.access.cookies import set_cookie
from shared.access.permissions import PUBLIC, Undeclared, declare
from shared.domain.errors import Forbidden, NotFound
from shared.i18n import language
from shared.i18n.languages import LANGUAGES
from shared.kernel.context import acting_as, principal_or_none
from shared.kernel.errors import Problem
from shared.kernel.service import Service
from shared.web.api import problems
from shared.web.pages.assets import ASSETS, assets
from shared.web.pages.bar.bar import EXTENSION as MAP
from shared.web.pages.bar.platform_map import map_with
from shared.web.pages.declare import Page, Pages
from shared.web.pages.environment import environment
from shared.web.pages.failures import failure_page
from shared.web.pages.forms.double_submit import act_once
from shared.web.pages.forms.submitted_form import receive
from shared.web.pages.list_files import file_page
from shared.web.pages.operations.pages import OPERATIONS
from shared.web.pages.rendering import BLUEPRINT, EXTENSION, Site, form_address, link, page_being_drawn, taken_by
from shared.web.pages.session import notices
from shared.web.pages.session.unsent_form import AGAIN_FIELD, BY_FIELD, UnsentForm, is_from_here
from shared.web.pages.session.visitor import FormExpired, check_csrf, remember_visit, visitor, visitor_mark
from shared.web.pages.sign_in.pages import SIGN_IN, sign_in_page
from shared.web.pages.work.front_page import SYSTEMS, first_page

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
    "Cache-Control": "no-store",
}
# of what somebody without an account opens by an address of their own, which nobody else is to have
OF_LINKS = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow"}
RETURNED = frozenset({400, 409, 412, 422, 429})  # refusals that belong beside the form


def install(app: Flask, service: Service, pages: Pages) -> None:
    app.extensions[EXTENSION] = Site(service, pages, environment(service, pages))
    app.extensions[MAP] = map_with(service, pages)
    app.extensions[rate_limit.VISITOR] = visitor
    blueprint = Blueprint(BLUEPRINT, __name__)
    for surface in (pages, OPERATIONS, SIGN_IN, SYSTEMS):
        for declared in (*surface, *(file_page(page) for page in surface if page.rows)):
            blueprint.add_url_rule(declared.path, declared.name, _view(surface, declared), methods=[declared.method])
    blueprint.register_error_handler(Exception, _failed)
    blueprint.after_request(finish)
    app.register_blueprint(blueprint)
    app.register_blueprint(assets)
    app.register_error_handler(404, _answer_unmatched)
    declare(app, ASSETS, PUBLIC)


def front_page() -> Response:
    """Draw `/` for browsers."""
    return finish(first_page())


def finish(response: Response) -> Response:
    """Set the headers and cookies that every page carries."""
    if response.mimetype != "text/html" and response.status_code == HTTPStatus.OK:
        return response
    page = page_being_drawn()
    opened = page is not None and page.permits is PUBLIC and bool(request.view_args)
    headers = HEADERS | OF_LINKS if opened else HEADERS
    response.headers.extend({name: value for name, value in headers.items() if name not in response.headers})
    response.vary.update(("Cookie", "Accept-Language"))
    chosen_language = request.args.get("lang")
    if chosen_language in LANGUAGES:
        set_cookie(response, language.COOKIE, chosen_language, max_age=31_536_000)
    remember_visit(response)
    notices.carry(response)
    return response


def _view(pages: Pages, declared: Page) -> Callable[..., ResponseReturnValue]:
    page = declared if declared.method == "GET" else _page_of_form(pages, declared)

    def view(**arguments: Any) -> ResponseReturnValue:
        g.score_page = page
        viewer = g.principal = visitor()
        if viewer is None and declared.permits is not PUBLIC:
            return _to_sign_in(declared)
        with acting_as(viewer) if viewer else nullcontext(), _refusals_noted(declared, arguments):
            if not declared.permits_role(viewer.role if viewer else None):
                raise Forbidden
            return _show(declared, arguments) if declared is page else _act(pages, declared, page, arguments)

    return view


@contextmanager
def _refusals_noted(declared: Page, arguments: dict[str, Any]) -> Iterator[None]:
    try:
        yield
    except (Forbidden, NotFound) as refused:
        _note(declared, arguments, "forbidden" if isinstance(refused, Forbidden) else "not_found")
        raise


def _note(declared: Page, arguments: dict[str, Any], outcome: str) -> None:
    """Write reads of personal data, and refusals of it, to the access log before the page leaves."""
    if declared.personal:
        access_log.note(principal_or_none(), declared.name, BLUEPRINT, access_log.concerned(arguments), outcome)


def _show(declared: Page, arguments: dict[str, Any]) -> ResponseReturnValue:
    drawn = declared.handler(**arguments)
    _note(declared, arguments, "allowed")
    return drawn


def _act(pages: Pages, form: Page, page: Page, arguments: dict[str, Any]) -> ResponseReturnValue:
    if form.largest_body is not None:
        request.max_content_length = form.largest_body
    sent = receive()
    if _only_looks_again():
        sent.again = True
        return _show(page, taken_by(page, arguments))
    try:
        handler_arguments = (
            arguments if form.body is None else {**arguments, "body": sent.load(form.body, form.needed_files)}
        )
        return (
            act_once(form, lambda: _carry_out(form, handler_arguments))
            if pages.stored
            else form.handler(**handler_arguments)
        )
    except Problem as refused:
        problem = _remembered(refused)
        if problem.status not in RETURNED:
            raise problem from None
        sent.refuse(problem)
        return make_response(page.handler(**taken_by(page, arguments)), problem.status, dict(problem.headers))


def _only_looks_again() -> bool:
    """Return whether the form is only to be drawn again with what was typed: after a sign-in, which made its token useless."""
    try:
        check_csrf()
    except FormExpired:
        if not (
            is_from_here() and hmac.compare_digest(request.form.get(BY_FIELD, "").encode(), visitor_mark().encode())
        ):
            raise
        return principal_or_none() is not None
    return AGAIN_FIELD in request.form


def _remembered(refused: Problem) -> Problem:
    """Let a refusal keep what it leaves behind; return what the visitor is told."""
    try:
        refused.remember()
    except Problem as instead:
        return instead
    return refused


def _carry_out(form: Page, handler_arguments: dict[str, Any]) -> ResponseReturnValue:
    answer = form.handler(**copy.deepcopy(handler_arguments))  # it may run again from the start
    _note(form, {name: value for name, value in handler_arguments.items() if name != "body"}, "allowed")
    return answer


def _page_of_form(pages: Pages, form: Page) -> Page:
    page = pages.shown_by(form)
    if not page.parameters <= form.parameters:
        raise Undeclared(f"{form.name} cannot show {page.name}: its path lacks a parameter of {page.path}")
    if page.permits is not PUBLIC and (form.permits is PUBLIC or not set(form.permits) <= set(page.permits)):
        raise Undeclared(f"{form.name} permits roles that {page.name}, which shows it, does not")
    return page


def _to_sign_in(asked: Page) -> ResponseReturnValue:
    sent = request.method == "POST"
    return_address = form_address() if sent else request.full_path.removesuffix("?")
    target = link("sign_in", next=return_address, **({"ended": "1"} if sent else {}))
    if request.headers.get("HX-Request") == "true":
        return Response(status=401, headers={"HX-Redirect": target})
    unsent = UnsentForm.of_request(return_address, asked.largest_body) if sent else None
    if unsent is not None:
        return make_response(sign_in_page(return_address, unsent, ended=True), 401, {"WWW-Authenticate": "Bearer"})
    return redirect(target, code=303)


def _answer_unmatched(error: Exception) -> ResponseReturnValue:
    """Answer an address that no rule matches: a page for a browser, a problem document for a system."""
    wants_page = request.accept_mimetypes.best_match(["application/json", "text/html"]) == "text/html"
    return finish(failure_page(error)) if wants_page and not request.path.startswith("/v1/") else problems.answer(error)


def _failed(error: Exception) -> ResponseReturnValue:
    if isinstance(error, HTTPException) and (error.code or HTTPStatus.INTERNAL_SERVER_ERROR) < HTTPStatus.BAD_REQUEST:
        return problems.answer(error)
    return failure_page(error)
