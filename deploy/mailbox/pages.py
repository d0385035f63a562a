"""Renders the pages of the mailbox from the templates beside it, where every value of a mail is escaped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlencode

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup, escape

from deploy.mailbox.messages import Attachment, Summary

LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)]")


def list_page(shown: Sequence[Summary], total: int, number: int, more: bool, query: str) -> str:
    return _TEMPLATES.get_template("list.html").render(shown=shown, total=total, number=number, more=more, query=query)


def message_page(
    summary: Summary, headers: Sequence[tuple[str, str]], text: str, has_html: bool, attachments: Sequence[Attachment]
) -> str:
    return _TEMPLATES.get_template("message.html").render(
        summary=summary, headers=headers, text=text, has_html=has_html, attachments=attachments
    )


def missing_page() -> str:
    return _TEMPLATES.get_template("missing.html").render()


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


_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    keep_trailing_newline=True,
)
_TEMPLATES.filters["with_links"] = _with_links
_TEMPLATES.globals["page_link"] = _page_link
