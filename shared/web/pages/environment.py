"""Makes a service's Jinja environment: its own templates first, shared ones behind; all escaped, unknown names refused.

Templates speak through `_("...")` and `ngettext("%(num)s visit", "%(num)s visits", n)`; filters write numbers, dates
and money in the visitor's language.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import current_app, request
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from werkzeug.exceptions import HTTPException

from shared.i18n import formats, language
from shared.i18n.labels import label_of, options
from shared.i18n.module_titles import module_title, modules_to_choose
from shared.kernel import ids
from shared.kernel.principal import Principal
from shared.kernel.service import Service, version
from shared.reference.languages import LANGUAGES
from shared.reference.provinces import PROVINCES
from shared.reference.sectors import SECTORS
from shared.reference.sexes import SEXES
from shared.tabular.columns import columns_of
from shared.web.fields import Whole
from shared.web.pages.assets import asset
from shared.web.pages.bar import bar
from shared.web.pages.columns import Column
from shared.web.pages.declare import Pages
from shared.web.pages.forms import form_fields
from shared.web.pages.forms.double_submit import ONCE_FIELD
from shared.web.pages.labels import ROLE_NAMES, SERVICE_NAMES
from shared.web.pages.list_files import file_links
from shared.web.pages.rendering import BLUEPRINT, here, here_with, link, page_being_drawn
from shared.web.pages.session import notices, visitor
from shared.web.pages.session.unsent_form import BY_FIELD
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
        bar=bar.bar,
        neighbours=bar.neighbours,
        elsewhere=bar.elsewhere,
        services=lambda: _services(service),
        version=cache(version),
        visitor=visitor.visitor,
        visitor_mark=visitor.visitor_mark,
        role_name=_role_name,
        csrf_token=visitor.csrf_token,
        csrf_field=visitor.CSRF_FIELD,
        by_field=BY_FIELD,
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
        file_links=file_links,
        options=options,
        modules_to_choose=modules_to_choose,
        labels={**service.labels, **SHARED_LABELS},
    )
    built.filters.update(
        number=_localised(formats.number),
        percent=_localised(formats.percent),
        money=_localised(formats.money),
        date=_localised(formats.day),
        month=_localised(formats.month),
        away=_away,
        datetime=_localised(formats.moment),
        lasting=_localised(formats.lasting),
        zone=formats.zone_name,
        localized=language.localized,
        label=label_of,
        module=module_title,
    )
    return built


LANGUAGE_NAMES = {"id": "Bahasa Indonesia", "en": "English"}


def _open_form(pages: Pages) -> Callable[..., form_fields.FormContext]:
    """Return what begins a form: by its address it knows what the fields of its target are called, and their bounds."""
    bodies = {f"{BLUEPRINT}.{page.name}": page.body for page in pages if page.body is not None}

    def opened(action: str, also: str = "") -> form_fields.FormContext:
        body = bodies.get(_target_of(action))
        columns = list(columns_of(body(), loading=True)) if body is not None else []
        words = {column.key: column.called(language.current_language()) for column in columns}
        numbers = ((column.key, column.field) for column in columns)
        bounds = {key: number.bounds for key, number in numbers if isinstance(number, Whole) and number.bounds}
        return form_fields.open_form(action, words, bounds, also)

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


def _away(day: date, today: date) -> str:
    """Write how far a day is, in words: in 3 days, tomorrow."""
    near = {-1: language.gettext("yesterday"), 0: language.gettext("today"), 1: language.gettext("tomorrow")}
    return near.get((day - today).days) or formats.distance(day, today, language.current_language())


def _role_name(somebody: Principal | SamplePerson) -> str:
    return language.gettext(ROLE_NAMES.get(somebody.role, somebody.role))


def _services(own: Service) -> list[tuple[str, str, str]]:
    """Return name, address and title of every service, for those who know them apart."""
    return [
        (name, address, language.gettext(SERVICE_NAMES.get(name, name))) for name, address in bar.addresses(own).items()
    ]
