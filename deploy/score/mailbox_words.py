"""The pages of the mailbox as HTML. Every value of a mail passes through `escape`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from urllib.parse import urlencode

from deploy.score.mailbox import Attachment, Summary

LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)]")


def _page(title: str, content: str) -> str:
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)} – SCORE mailbox</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/mailbox.css">
</head>
<body>
<header><a href="/">SCORE mailbox</a><p>Mail of the embedded run. It is kept here and sent to nobody.</p></header>
<main>
{content}
</main>
</body>
</html>
"""


def list_page(shown: Sequence[Summary], total: int, number: int, more: bool, query: str) -> str:
    search = (
        '<form role="search"><label for="q">Search sender, recipient, subject</label>'
        f'<div><input id="q" name="q" type="search" value="{escape(query)}"><button>Search</button></div></form>'
    )
    if not shown:
        empty = "Nothing matches your search." if query else "No mail yet. Letters appear here when they are sent."
        return _page("Messages", f'<h1>Messages</h1>{search}<p class="empty">{empty}</p>')
    rows = "".join(
        f'<li><a href="/messages/{escape(one.id)}"><strong>{escape(one.subject or "(no subject)")}</strong>'
        f"<span>to {escape(one.to)}</span><span>from {escape(one.sender)}</span>"
        f"<time>{escape(one.date)}</time></a></li>"
        for one in shown
    )
    heading = f"<h1>Messages <small>{total}</small></h1>"
    return _page("Messages", f"{heading}{search}<ol>{rows}</ol>{_turning(number, more, query)}")


def _turning(number: int, more: bool, query: str) -> str:
    def link(to: int, words: str) -> str:
        target = urlencode({"page": to, **({"q": query} if query else {})})
        return f'<a href="/?{escape(target)}">{words}</a>'

    links = [link(number - 1, "Newer")] if number > 1 else []
    links += [link(number + 1, "Older")] if more else []
    return f'<nav aria-label="Pages">{"".join(links)}</nav>' if links else ""


def message_page(
    summary: Summary, headers: Sequence[tuple[str, str]], text: str, has_html: bool, attachments: Sequence[Attachment]
) -> str:
    address = f"/messages/{escape(summary.id)}"
    facts = "".join(
        f"<dt>{name}</dt><dd>{escape(value)}</dd>"
        for name, value in (("To", summary.to), ("From", summary.sender), ("Date", summary.date)) if value
    )  # fmt: skip
    parts = [f"<h1>{escape(summary.subject or '(no subject)')}</h1><dl>{facts}</dl>"]
    if text:
        parts.append(f"<section><h2>Text</h2><pre>{_with_links(text)}</pre></section>")
    if has_html:
        parts.append(
            f'<section><h2>HTML</h2><iframe sandbox="" src="{address}/html" title="HTML part"></iframe></section>'
        )
    if attachments:
        files = "".join(
            f'<li><a href="{address}/parts/{number}" download>{escape(part.name)}</a> '
            f"<small>{escape(part.content_type)}, {len(part.content):,} bytes</small></li>"
            for number, part in enumerate(attachments)
        )
        parts.append(f'<section><h2>Attachments</h2><ul class="files">{files}</ul></section>')
    listed = "".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in headers)
    parts.append(f"<details><summary>All {len(headers)} headers</summary><dl>{listed}</dl></details>")
    parts.append(f'<p><a href="{address}.eml" download>Download as .eml</a></p>')
    return _page(summary.subject or "(no subject)", f"<article>{''.join(parts)}</article>")


def missing_page() -> str:
    return _page("Not here", '<h1>Not here</h1><p class="empty">No such message. Only the newest are kept.</p>')


def _with_links(text: str) -> str:
    """Escaped text in which web addresses can be followed."""
    pieces, end = [], 0
    for found in LINK.finditer(text):
        target = escape(found[0])
        pieces.append(escape(text[end : found.start()]))
        pieces.append(f'<a href="{target}" rel="noopener noreferrer nofollow" target="_blank">{target}</a>')
        end = found.end()
    return "".join([*pieces, escape(text[end:])])
