"""Serves what a caller can read: `/openapi.json`, the try-it page `/docs`, a page for every problem type, and `/`.

The try-it page runs from vendored files under a policy that forbids anything else, inline scripts included.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, Final

import orjson
from flask import Flask, Response, render_template, request

from shared.access.permissions import PUBLIC, declare
from shared.domain.errors import NotFound
from shared.i18n.catalogues import catalogues
from shared.i18n.language import language_of_caller
from shared.i18n.messages import TITLES, meaning_of, title_of
from shared.kernel.service import Service
from shared.web.answer import JSON
from shared.web.api.openapi import ProblemApi
from shared.web.headers import OWN_ASSETS

SWAGGER_UI: Final = "vendor/swagger-ui-5.35.0"
HTML: Final = "text/html"
FrontPage = Callable[[], Response]


def install(app: Flask, api: ProblemApi, service: Service, version: str, front_page: FrontPage | None = None) -> None:
    """Add the documentation's routes; `front_page` draws `/` for browsers, where the service has pages."""
    document: list[bytes] = []

    def show_document() -> Response:
        if not document:
            document.append(orjson.dumps(api.document()))
        return _cacheable(Response(document[0], content_type=JSON))

    def docs() -> Response:
        page = render_template(
            "docs.html", title=catalogues().gettext(language_of_caller(), service.title), assets=SWAGGER_UI
        )
        return _cacheable(Response(page, headers={"Content-Security-Policy": OWN_ASSETS}))

    def root() -> Response:
        return _root(service, version, front_page)

    rules: tuple[tuple[str, str, Any], ...] = (
        ("/openapi.json", "openapi", show_document),
        ("/docs", "docs", docs),
        ("/problems/", "problem_types", _problem_types),
        ("/problems/<name>", "problem_type", _problem_type),
        ("/", "root", root),
    )
    for rule, endpoint, view in rules:
        app.add_url_rule(rule, endpoint, view)
        declare(app, endpoint, PUBLIC)
    declare(app, "static", PUBLIC)


def _root(service: Service, version: str, front_page: FrontPage | None) -> Response:
    links = {
        "docs": "/docs",
        "openapi": "/openapi.json",
        "events": "/asyncapi.json",
        "problems": "/problems/",
        "health": "/health/ready",
    }
    if front_page is not None:
        links["signin"] = "/signin"
        if _wants_html():
            return front_page()
    language = language_of_caller()
    title = catalogues().gettext(language, service.title)
    document = {"name": service.name, "title": title, "version": version, "links": links}
    return Response(orjson.dumps(document), content_type=JSON)


def _problem_types() -> Response:
    language = language_of_caller()
    return _page_or_document([_description(name, language) for name in TITLES], language)


def _problem_type(name: str) -> Response:
    if name not in TITLES:
        raise NotFound("problem type", name)
    language = language_of_caller()
    return _page_or_document([_description(name, language)], language, single=True)


def _description(name: str, language: str) -> dict[str, str]:
    return {
        "type": f"/problems/{name}",
        "name": name,
        "title": title_of(name, language),
        "meaning": meaning_of(name, language),
    }


def _page_or_document(types: list[dict[str, str]], language: str, *, single: bool = False) -> Response:
    if _wants_html():
        page = render_template("problems.html", types=types, language=language)
        return _cacheable(Response(page, headers={"Content-Security-Policy": OWN_ASSETS}))
    return _cacheable(Response(orjson.dumps(types[0] if single else {"items": types}), content_type=JSON))


def _wants_html() -> bool:
    return request.accept_mimetypes.best_match([JSON, HTML]) == HTML


def _cacheable(response: Response) -> Response:
    response.status_code = HTTPStatus.OK
    response.headers["Cache-Control"] = "no-cache"
    response.vary.update(("Accept", "Accept-Language"))
    return response
