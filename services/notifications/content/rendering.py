"""Makes the subject, the text and the HTML of a letter from its one description, so that they never say different things."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError

from services.notifications.content.kind import REASONS, Content, Kind
from services.notifications.content.told import Told
from shared.i18n.language import gettext as _
from shared.i18n.language import speaking

LAYOUT: Final = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates" / "letters"),
    autoescape=True,
    undefined=StrictUndefined,
    auto_reload=False,
)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who writes: what the programme is called, and where answers go."""

    programme: str
    contact: str


@dataclass(frozen=True, slots=True)
class Rendered:
    subject: str
    text: str
    html: str


@dataclass(frozen=True, slots=True)
class Words:
    """What stands in every letter around its content."""

    greeting: str
    regards: str
    foot: tuple[str, ...]
    links: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Said:
    """What a letter says before it is text or HTML; a fact has a line or several."""

    content: Content
    facts: list[tuple[str, list[str]]]
    words: Words


def render(kind: Kind, told: Told, name: str, sender: Sender) -> Rendered:
    """Render a letter of a kind for somebody, in their language; raises `TemplateError` where it says nothing sensible."""
    said = said_by(kind, told, name, sender)
    content, facts, words = said.content, said.facts, said.words
    html = LAYOUT.get_template("layout.html").render(
        content=content, facts=facts, words=words, programme=sender.programme, language=told.language
    )
    return Rendered(content.subject, _text(content, facts, words, sender), html)


def said_by(kind: Kind, told: Told, name: str, sender: Sender) -> Said:
    """Return what a letter of a kind says to somebody, in their language."""
    with speaking(told.language):
        try:
            content = kind.says(told)
        except (KeyError, ValueError, TypeError) as broken:
            raise TemplateError("the letter lacks what its kind tells") from broken
        words = Words(_("Dear %(name)s,", name=name), _("Kind regards,"), _foot(told, sender), _links(kind, told))
    return Said(content, [(label, value.split("\n")) for label, value in content.facts if value], words)


def _foot(told: Told, sender: Sender) -> tuple[str, ...]:
    """Say why somebody receives this, whom to ask, and on what ground their data are used."""
    return (
        _(REASONS[told.to]),
        _("Questions? Reply to this letter, or write to %(contact)s.", contact=sender.contact),
        _(
            "Personal data are used under Law 27/2022 on personal data protection. You may ask for a copy of yours, for "
            "their correction or erasure at the same address."
        ),
    )


def _links(kind: Kind, told: Told) -> tuple[tuple[str, str], ...]:
    """Return where somebody chooses what they are told, and where a person sees what is kept of them."""
    links = []
    if not kind.must_arrive:
        links.append((_("Choose which letters you get, or none"), told.link("unsubscribe")))
    if told.to == "participant":
        links.append((_("See what is kept about you"), told.link("own-data")))
    return tuple(links)


def _text(content: Content, facts: list[tuple[str, list[str]]], words: Words, sender: Sender) -> str:
    blocks = [words.greeting, *content.paragraphs]
    if facts:
        width = max(len(label) for label, _lines in facts)
        blocks.append("\n".join(line for label, lines in facts for line in _fact(label, lines, width)))
    if content.button:
        blocks.append(f"{content.button[0]}:\n{content.button[1]}")
    blocks += [
        *content.notes,
        f"{words.regards}\n{sender.programme}",
        "-- \n" + "\n\n".join([*words.foot, *(f"{label}:\n{address}" for label, address in words.links)]),
    ]
    return "\n\n".join(blocks) + "\n"


def _fact(label: str, lines: list[str], width: int) -> list[str]:
    first = f"{label.ljust(width)} : {lines[0]}"
    return [first, *(f"{' ' * width}   {line}" for line in lines[1:])]
