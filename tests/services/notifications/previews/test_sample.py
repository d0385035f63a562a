"""Every kind of letter, in every language and to everybody to whom it goes, is one that may be shown to a minister."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest

from services.notifications.letters.kinds import KINDS
from services.notifications.previews.sample import NAME, sample_of
from shared.access.signed_links import page_of
from shared.i18n.languages import LANGUAGES
from tests.support.catalogues import catalogues_of

MOST_BYTES = 100_000  # Gmail cuts off what is longer
EVERY = [
    (template, audience, language)
    for template, kind in KINDS.items()
    for audience in kind.audiences
    for language in LANGUAGES
]
LEFT_OVER = re.compile(r"%\(\w+\)|\{\{|\}\}|\{%|\bNone\b|\bnull\b|[0-9a-f]{8}-[0-9a-f]{4}-|\d{4}-\d\d-\d\d")
VOID = {"br", "img", "meta", "link", "hr", "input", "col"}


@pytest.fixture(autouse=True)
def words() -> Iterator[None]:
    with catalogues_of("notifications").in_use():
        yield


class Seen(HTMLParser):
    """What a mail program finds in the HTML: links, words, and whether every element ends."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.elements: set[str] = set()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.links += [value for name, value in attrs if name == "href" and value]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"style", "title"} & set(self.open):
            self.words.append(data)


@pytest.mark.parametrize(("template", "audience", "language"), EVERY)
def test_a_letter_is_whole(template: str, audience: str, language: str) -> None:
    mail = sample_of(template, language, audience)
    seen = Seen(mail.html)
    assert seen.open == []
    assert not seen.elements & {"script", "iframe", "form", "img", "link", "object"}
    own = {page_of(purpose, "…") for purpose in ("unsubscribe", "own-data")}
    assert len([link for link in seen.links if link not in own]) <= 1, "one clear button, or none"
    assert (page_of("unsubscribe", "…") in seen.links) != KINDS[template].must_arrive
    assert (page_of("own-data", "…") in seen.links) == (audience == "participant")
    assert all(urlsplit(link).scheme in ("http", "https") for link in seen.links)
    assert all(link in mail.text for link in seen.links)
    assert len(mail.html.encode()) <= MOST_BYTES
    said = " ".join(" ".join(seen.words).split())
    for part in (mail.subject, mail.text, said):
        assert LEFT_OVER.search(re.sub(r"https?://\S+", "", part)) is None
    assert "\n" not in mail.subject
    assert NAME in said
    assert f'lang="{language}"' in mail.html


@pytest.mark.parametrize(("template", "audience", "language"), EVERY)
def test_text_and_html_say_the_same(template: str, audience: str, language: str) -> None:
    mail = sample_of(template, language, audience)
    said = "".join(" ".join(Seen(mail.html).words).split())
    for line in mail.text.splitlines():
        for piece in re.split(r" : |^-- $", line):
            if piece.strip() and not piece.startswith("http"):
                assert "".join(piece.rstrip(":").split()) in said, piece


@pytest.mark.parametrize("template", KINDS)
def test_the_two_languages_differ(template: str) -> None:
    indonesian, english = (sample_of(template, language) for language in ("id", "en"))
    assert indonesian.subject != english.subject
    assert not set(indonesian.text.splitlines()) & {line for line in english.text.splitlines() if len(line.split()) > 4}
