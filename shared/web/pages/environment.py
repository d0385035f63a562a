"""Makes a service's Jinja environment: its own templates first, shared ones behind; all escaped, unknown names refused.

Templates speak through `_("...")` and `ngettext("%(num)s visit", "%(num)s visits", n)`; filters write numbers, dates
and money in the visitor's language.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from werkzeug.exceptions import HTTPException

from shared.i18n import formats, language
from shared.i18n.catalogues import Catalogues
from shared.i18n.labels import label_of, options
from shared.kernel import ids
from shared.kernel.principal import Principal
from shared.kernel.service import Service, declared, version
from shared.kernel.settings.current import settings
from shared.reference.languages import LANGUAGES
from shared.reference.provinces import PROVINCES
from shared.reference.sectors import SECTORS
from shared.reference.sexes import SEXES
from shared.tabular.columns import columns_of
from shared.web.pages.assets import asset
from shared.web.pages.columns import Column
from shared.web.pages.declare import Page, Pages
from shared.web.pages.forms import form_fields
from shared.web.pages.forms.double_submit import ONCE_FIELD
from shared.web.pages.labels import ROLE_NAMES, SERVICE_NAMES
from shared.web.pages.operations.pages import OPERATIONS
from shared.web.pages.rendering import BLUEPRINT, here, here_with, link, page_being_drawn
from shared.web.pages.session import notices, visitor
from shared.web.pages.sign_in.sample_people import SamplePerson

TEMPLATES = Path(__file__).parent / "templates"
SHARED_LABELS = {
    "languages": LANGUAGES,
    "provinces": PROVINCES,
    "sectors": SECTORS,
    "services": SERVICE_NAMES,
    "sexes": SEXES,
}


def environment(service: Service, pages: Pages) -> Environment:
    built = Environment(
        loader=FileSystemLoader([*service.template_folders, TEMPLATES]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )
    built.filters["column"] = Column.of
    built.globals.update(
        _=language.gettext,
        gettext=language.gettext,
        ngettext=language.ngettext,
        language=language.current_language,
        languages=LANGUAGE_NAMES,
        link=link,
        here_with=here_with,
        asset=asset,
        current=page_being_drawn,
        service=service,
        services=lambda: _services_in_bar(service),
        navigation=lambda: _navigation(pages),
        version=cache(version),
        visitor=visitor.visitor,
        visitor_mark=visitor.visitor_mark,
        role_name=_role_name,
        csrf_token=visitor.csrf_token,
        csrf_field=visitor.CSRF_FIELD,
        flashed=notices.flashed,
        orphaned_errors=form_fields.orphaned_errors,
        has_errors=form_fields.has_errors,
        refused=form_fields.refused,
        filtered=form_fields.filtered,
        here=here,
        once=ids.new,
        once_field=ONCE_FIELD,
        open_form=_open_form(pages),
        open_filters=form_fields.open_filters,
        close_form=form_fields.close_form,
        box=form_fields.box,
        col=Column,
        share_of=share_of,
        argument=_query_argument,
        options=options,
        labels={**service.labels, **SHARED_LABELS},
    )
    built.filters.update(
        number=_localised(formats.number),
        percent=_localised(formats.percent),
        money=_localised(formats.money),
        date=_localised(formats.day),
        datetime=_localised(formats.moment),
        lasting=_localised(formats.lasting),
        zone=formats.zone_name,
        localized=language.localized,
        label=label_of,
    )
    return built


LANGUAGE_NAMES = {"id": "Bahasa Indonesia", "en": "English"}


def _open_form(pages: Pages) -> Callable[[str], form_fields.FormContext]:
    """Return what begins a form: by its address it knows what the fields that its target takes are called."""
    bodies = {f"{BLUEPRINT}.{page.name}": page.body for page in pages if page.body is not None}

    def opened(action: str) -> form_fields.FormContext:
        body = bodies.get(_target_of(action))
        columns = columns_of(body(), loading=True) if body is not None else ()
        return form_fields.open_form(
            action, {column.key: column.called(language.current_language()) for column in columns}
        )

    return opened


def _target_of(action: str) -> str:
    """Return the endpoint that a form is sent to; of a question, which is not sent there, none."""
    try:
        endpoint, _ = current_app.url_map.bind("").match(urlsplit(action).path, method="POST")
    except HTTPException:
        return ""
    return str(endpoint)


def share_of(value: float, whole: float) -> int:
    """Return per cent, 0 to 100, for the length of a bar."""
    return round(max(0.0, min(1.0, value / whole)) * 100) if whole else 0


def _localised(form: Callable[..., str]) -> Callable[..., str]:
    def written(value: Any, *arguments: Any, **options: Any) -> str:
        return form(value, language.current_language(), *arguments, **options)

    return written


def _query_argument(name: str) -> str | None:
    return request.args.get(name)


def _navigation(pages: Pages) -> list[Page]:
    viewer = visitor.visitor()
    role = viewer.role if viewer else None
    return [*pages.navigation(role), *OPERATIONS.navigation(role)]


def _services_in_bar(own: Service) -> list[tuple[str, str, str]]:
    """Return name, address and title of every service that the bar leads to."""
    titles = {service.name: _title(service) for service in (*declared(), own)}
    return [
        (name, address, titles.get(name) or language.gettext(SERVICE_NAMES.get(name, name)))
        for name, address in addresses(own).items()
    ]


def _title(service: Service) -> str:
    return _catalogues_of(service).gettext(language.current_language(), service.title)


@cache
def _catalogues_of(service: Service) -> Catalogues:
    """Return another service's catalogues: its name stands in its own words."""
    return Catalogues.of(service)


def addresses(own: Service) -> dict[str, str]:
    """Return the public address per service: as configured, else the declared ports on this host."""
    if settings().addresses:
        return dict(settings().addresses)
    host = request.host.rpartition(":")[0] or request.host
    return {service.name: f"{request.scheme}://{host}:{service.port}/" for service in declared()} or {own.name: "/"}


def _role_name(somebody: Principal | SamplePerson) -> str:
    return language.gettext(ROLE_NAMES.get(somebody.role, somebody.role))
