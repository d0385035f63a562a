"""Knows the language of the page being made: Indonesian unless the visitor chose English or the browser asks for it.

Order: `?lang=`, the cookie `score_lang`, `Accept-Language`, Indonesian. Outside a request it is Indonesian, or what
`speaking` says, as where a worker writes to somebody.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from flask import g, has_request_context, request

from shared.access.cookies import read_cookie
from shared.i18n.catalogues import catalogues
from shared.i18n.formats import number
from shared.i18n.languages import DEFAULT, LANGUAGES
from shared.kernel.message import Message, filled

COOKIE = "score_lang"

_language: ContextVar[str | None] = ContextVar("language", default=None)


def current_language() -> str:
    language = _language.get()
    if language is not None:
        return language
    if not has_request_context():
        return DEFAULT
    if "score_language" not in g:
        g.score_language = negotiated()
    return str(g.score_language)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)


def negotiated() -> str:
    for wish in (request.args.get("lang"), read_cookie(COOKIE)):
        if wish in LANGUAGES:
            return str(wish)
    primary = (tag.split("-")[0].lower() for tag in request.accept_languages.values())
    return next((tag for tag in primary if tag in LANGUAGES), DEFAULT)


def gettext(message: str | Message, /, **values: object) -> str:
    if isinstance(message, Message):
        return catalogues().text(message, current_language())
    return filled(catalogues().gettext(current_language(), message), values)


def ngettext(singular: str, plural: str, num: int, /, **values: object) -> str:
    """Return the text's form for this number; `%(num)s` in it is the number as the language writes it."""
    language = current_language()
    text = catalogues().ngettext(language, singular, plural, num)
    return text % {"num": number(num, language), **values}


def localized(texts: Mapping[str, str] | Message) -> str:
    """Return the text in the current language of a thing that is named in each, by data or by the catalogues."""
    return gettext(texts) if isinstance(texts, Message) else texts.get(current_language()) or texts[DEFAULT]


def language_of_caller() -> str:
    """Return Indonesian, unless the caller prefers English (`en-GB` is English too)."""
    wishes = (wish.replace("_", "-").split("-")[0].lower() for wish in request.accept_languages.values())
    return next((wish for wish in wishes if wish in LANGUAGES), DEFAULT)
