"""Renders the pages of the mailbox from the templates beside it, where every value of a mail is escaped.

In the visitor's language, with times by the clock of Jakarta, as the services' pages have them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from email.utils import parsedate_to_datetime
from http.cookies import CookieError, SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup, escape

from deploy.mailbox.messages import Attachment, Summary
from shared.i18n.catalogues import Catalogues
from shared.i18n.formats import moment
from shared.i18n.language import COOKIE, current_language, gettext, ngettext, speaking
from shared.i18n.languages import DEFAULT, LANGUAGES

LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)]")


def list_page(shown: Sequence[Summary], total: int, number: int, more: bool, query: str, *, said_in: str) -> str:
    return _drawn("list.html", said_in, shown=shown, total=total, number=number, more=more, query=query)


def message_page(
    summary: Summary, headers: Sequence[tuple[str, str]], text: str, has_html: bool, attachments: Sequence[Attachment],
    *, said_in: str,
) -> str:  # fmt: skip
    return _drawn(
        "message.html", said_in, summary=summary, headers=headers, text=text, has_html=has_html, attachments=attachments
    )


def missing_page(said_in: str) -> str:
    return _drawn("missing.html", said_in)


def language_of(wished: str, cookies: str, accepted: str) -> str:
    """Return the language of a visitor as the services' pages find it: asked for, chosen before, the browser's, Indonesian."""
    chosen = SimpleCookie()
    with suppress(CookieError):
        chosen.load(cookies)
    before = chosen[COOKIE].value if COOKIE in chosen else ""
    primary = [tag.partition(";")[0].strip().partition("-")[0].lower() for tag in accepted.split(",")]
    return next((wish for wish in (wished, before, *primary) if wish in LANGUAGES), DEFAULT)


def _drawn(template: str, said_in: str, **values: Any) -> str:
    with _CATALOGUES.in_use(), speaking(said_in):
        return _TEMPLATES.get_template(template).render(values, language=said_in, languages=LANGUAGES)


def _moment(date: str) -> str:
    """Write when a mail says that it was sent; as it says it where that is no time."""
    try:
        return moment(parsedate_to_datetime(date), current_language())
    except (ValueError, OverflowError):
        return date


def _page_link(number: int, query: str) -> str:
    return "/?" + urlencode({"page": number, **({"q": query} if query else {})})


def _with_links(text: str) -> Markup:
    """Write escaped text in which web addresses can be followed."""
    pieces, end = [], 0
    for link in LINK.finditer(text):
        pieces.append(escape(text[end : link.start()]))
        pieces.append(
            Markup('<a href="{0}" rel="noopener noreferrer nofollow" target="_blank">{0}</a>').format(link[0])
        )
        end = link.end()
    return Markup("").join([*pieces, escape(text[end:])])


_CATALOGUES = Catalogues(Path(__file__).parent / "locale")
_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
_TEMPLATES.filters["with_links"] = _with_links
_TEMPLATES.filters["moment"] = _moment
_TEMPLATES.globals |= {"page_link": _page_link, "_": gettext, "ngettext": ngettext}
