"""Whoever gives a command by a form can say there all that the command takes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Literal

import pytest
from flask import Flask
from marshmallow import Schema, fields
from werkzeug.datastructures import MultiDict

from shared.domain.errors import Invalid
from shared.kernel.service import Service, declared
from shared.tabular.columns import OneCell, columns_of
from shared.web.fields import Choice, Code, Email, Phone
from shared.web.pages.declare import Page, Pages
from shared.web.pages.forms.submitted_form import SubmittedForm
from shared.web.schema import Length, Regexp
from tests.support.catalogues import catalogues_of

BOX = re.compile(r'(?:\b(?:field|textarea|select|checkbox|choices)\(\s*|<input [^>]*\bname=|\bset \w+ = )"([\w.]+)"')
CALL, MACRO = re.compile(r"{%-? (call|endcall)\b"), re.compile(r"{% macro (\w+)\(.*?{% endmacro %}", re.DOTALL)
FORM = r'\b(?:(?:form|confirmation)\(|also=\()link\("{}"'
CURRENT_TEXT = "a page shows the current text, so no other one is agreed to there"
NOW = "a form is filled in when it happens; who enters it later has the API"
SMALL = "the form takes what most institutions have; the API takes the rest"
# what a form leaves out on purpose, and why
LEFT_OUT: dict[str, dict[str, str]] = {
    "register_institution": {"contacts": SMALL, "languages": SMALL, "provinces": SMALL},
    "correct_institution": {"languages": SMALL, "provinces": SMALL},
    "register_enterprise": {"kbli_version": "the edition that is in use now, a setting"},
    "correct_enterprise": {"kbli_version": "the edition that is in use now, a setting"},
    "register_person": {
        "consent.text_version": CURRENT_TEXT,
        "consent.given_on": NOW,
        "consent.given_by": "whoever fills in the form reads the text to the person",
    },
    "give_consent": {"text_version": CURRENT_TEXT, "given_on": NOW},
    "record_attendance": {"day": "it stands in the address"},
    "release_seats": {"participant_ids": "the form beside it names people"},
    "seat_enterprise": {"participant_ids": "seats are counted there, and people named on a page of their own"},
    "record_privacy_request": {"received_at": NOW},
    "answer_evaluation": {"link": "it stands in the address"},
    "confirm_visit_by_link": {"link": "it stands in the address"},
}


def forms() -> Iterator[tuple[Service, Page, Schema]]:
    """Each form, with what its command takes: by the operation of the same name, or of the same schema."""
    for service in declared():
        bodies = {route.operation: route.body for routes in service.routes for route in routes.declared}
        for page in Pages.joined(service.pages):
            if page.method == "POST" and (body := bodies.get(page.name) or page.body) is not None:
                yield service, page, body()


def names_of(schema: Schema, before: str = "") -> Iterator[str]:
    """The fields of a schema as boxes are named: `seats.managers.women`; a list is one name."""
    for name, field in schema.load_fields.items():
        if isinstance(field, fields.Nested) and not field.many and not isinstance(field, OneCell):
            yield from names_of(field.schema, f"{before}{name}.")
        else:
            yield f"{before}{name}"


def form_in(template: str, page: str) -> str:
    """The text of the forms that lead to a page, each from its beginning to its end."""
    texts = []
    for start in re.finditer(FORM.format(page), template):
        beginning = template.rfind("{%", 0, start.start())
        depth, end = 0, start.end()
        if re.match(r"{%-? call\b", template[beginning:]):
            for step in CALL.finditer(template, beginning):
                depth += 1 if step[1] == "call" else -1
                if depth == 0:
                    end = step.end()
                    break
        texts.append(template[beginning:end])
    return "\n".join(texts)


def asked_in(text: str, macros: dict[str, str]) -> set[str]:
    """The names of the boxes in a text, and of those in the macros that it calls."""
    asked = set(BOX.findall(text))
    for name in {name for name in macros if re.search(rf"(?<!macro )\b{name}\(", text)}:
        asked |= asked_in(macros[name], {other: body for other, body in macros.items() if other != name})
    return asked


def is_asked(name: str, asked: set[str]) -> bool:
    """A box may stand for one place of a list (`days.0`), or be named while the form is drawn (`seats.` and what follows)."""
    return any(box == name or box.startswith(f"{name}.") or (box[-1] == "." and name.startswith(box)) for box in asked)


@pytest.mark.parametrize(
    ("service", "page", "taken"), [pytest.param(*form, id=f"{form[0].name}-{form[1].name}") for form in forms()]
)
def test_a_form_asks_for_all_that_its_command_takes(service: Service, page: Page, taken: Schema) -> None:
    templates = [
        file.read_text(encoding="utf-8") for folder in service.template_folders for file in folder.glob("*.html")
    ]
    macros = {macro[1]: macro[0] for template in templates for macro in MACRO.finditer(template)}
    asked = asked_in("\n".join(form_in(template, page.name) for template in templates), macros)
    missing = {name for name in names_of(taken) if not is_asked(name, asked)}
    assert missing == set(LEFT_OUT.get(page.name, {})), "ask for it in the form, or say in LEFT_OUT why not"


LABELLED = re.compile(r'\b(?:field|textarea|select|checkbox|choices)\("([\w.]+)", _\("([^"]*)"\)')


@pytest.mark.parametrize(
    ("service", "page"),
    [pytest.param(service, page, id=f"{service.name}-{page.name}") for service, page, _ in forms() if page.body],
)
def test_a_form_says_no_label_again_that_the_field_has(service: Service, page: Page) -> None:
    assert page.body is not None
    columns = {column.key: column for column in columns_of(page.body(), loading=True)}
    words = catalogues_of(service.name)
    with words.in_use():
        again = {
            name
            for folder in service.template_folders
            for file in folder.glob("*.html")
            for name, label in LABELLED.findall(form_in(file.read_text(encoding="utf-8"), page.name))
            if name in columns
            and all(columns[name].called(language) == words.gettext(language, label) for language in ("id", "en"))
        }
    assert again == set(), "leave the label out"


TEMPLATES = sorted(
    {
        (service.name, file)
        for service in declared()
        for folder in service.template_folders
        for file in folder.glob("*.html")
    }
)
OWN_BOX = re.compile(r'<(?:select|textarea|input (?![^>]*type="hidden"))[^>]*>')
FILE_BOX = re.compile(r'\bfield\((?:[^()]|\([^()]*\))*type="file"(?:[^()]|\([^()]*\))*\)')


@pytest.mark.parametrize("file", [pytest.param(file, id=f"{name}-{file.name}") for name, file in TEMPLATES])
def test_every_box_is_drawn_by_what_keeps_what_was_typed(file: Path) -> None:
    template = file.read_text(encoding="utf-8")
    assert OWN_BOX.findall(template) == [], "the macros show again what was typed"
    assert [box for box in FILE_BOX.findall(template) if "most=" not in box] == [], "say before how large a file may be"


def wrong_values(schema: Schema, before: str = "") -> Iterator[tuple[str, str]]:
    """A value that cannot be read, for every box of a form; a text is too long."""
    for name, field in schema.load_fields.items():
        place = f"{before}{field.data_key or name}"
        kind = field.inner if isinstance(field, fields.List) else field
        if isinstance(kind, fields.Nested) and not isinstance(kind, OneCell):
            yield from wrong_values(kind.schema, f"{place}.0." if kind is not field or kind.many else f"{place}.")
        elif not_only_text(kind):
            yield place, "?"
        elif longest := max((check.max or 0 for check in kind.validators if isinstance(check, Length)), default=0):
            yield place, "x" * (longest + 1)


def not_only_text(field: fields.Field[object]) -> bool:
    has_form = any(isinstance(check, Regexp) for check in field.validators)
    return not isinstance(field, fields.String) or has_form or bool(isinstance(field, (Choice, Code, Email, Phone)))


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize(
    ("service", "page"),
    [pytest.param(service, page, id=f"{service.name}-{page.name}") for service, page, _ in forms() if page.body],
)
def test_every_fault_of_a_form_comes_at_once_and_says_what_to_write(
    service: Service, page: Page, language: Literal["id", "en"]
) -> None:
    assert page.body is not None
    left_out = LEFT_OUT.get(page.name, {})
    wrong = MultiDict([(box, text) for box, text in wrong_values(page.body()) if box.split(".")[0] not in left_out])
    with Flask(__name__).test_request_context(f"/?lang={language}"), catalogues_of(service.name).in_use():
        form = SubmittedForm("/", wrong)
        with pytest.raises(Invalid) if wrong else suppress(Invalid) as refused:
            form.load(page.body)
        if refused is not None:
            form.refuse(refused.value)
    told = {error.name: error.text for error in form.errors}
    for box in wrong:
        text = next((text for name, text in told.items() if name == box or name.startswith(f"{box}.")), "")
        assert any(sentence.startswith(SAYS_WHAT_TO_DO[language]) for sentence in text.split(". ")), (box, text)


@pytest.mark.parametrize(
    ("service", "page"),
    [pytest.param(service, page, id=f"{service.name}-{page.name}") for service, page, _ in forms() if page.body],
)
def test_every_form_takes_a_phone_number_as_indonesians_write_it(service: Service, page: Page) -> None:
    assert page.body is not None
    for column in columns_of(page.body(), loading=True):
        if column.key.split(".")[-1] == "phone":
            assert isinstance(column.field, Phone), f"{service.name}: {column.key}"
            assert column.field.deserialize("0812-3456-7890") == "+6281234567890", f"{service.name}: {column.key}"


SAYS_WHAT_TO_DO = {"id": ("Tulis", "Pilih", "Gunakan"), "en": ("Write", "Choose", "Use")}


def test_what_a_form_leaves_out_belongs_to_a_form() -> None:
    assert set(LEFT_OUT) <= {page.name for _, page, _ in forms()}


def test_a_form_ends_where_it_ends_and_asks_what_its_macros_ask() -> None:
    template = """
{% macro person() %}{{ field("name", _("Name")) }}{% endmacro %}
{% call form(link("register"), _("Register")) %}
  {{ person() }}{% call notice(_("So")) %}{% endcall %}
  {% set place = "seats." ~ role %}<input type="hidden" name="enterprise_id" value="1">{{ field("days.0", _("Day")) }}
{% endcall %}
{% call form(link("other"), _("Other")) %}{{ field("reason", _("Reason")) }}{% endcall %}
"""
    macros = {macro[1]: macro[0] for macro in MACRO.finditer(template)}
    asked = asked_in(form_in(template, "register"), macros)
    assert asked == {"name", "seats.", "enterprise_id", "days.0"}
    assert all(is_asked(name, asked) for name in ("name", "seats.managers.men", "days"))
    assert not is_asked("reason", asked)
