"""Reads a posted form: what was typed, what the schema makes of it, and what a refusal says about which field.

Fields are named after the schema with points: `headcount.women`, `days.0`. The command behind a form is the API's, so
the loaded body is the API's body; only the notation differs: empty boxes are absent values, numbers are written as
the visitor's language writes them. A refusal's pointer (`/headcount/women`) leads back to the box.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import g, request
from marshmallow import Schema, ValidationError, fields
from werkzeug.datastructures import MultiDict

from shared.domain.errors import Invalid, StaleVersion
from shared.i18n.catalogues import catalogues
from shared.i18n.formats import written_day, written_number
from shared.i18n.language import current_language, gettext
from shared.i18n.messages import problem_text
from shared.kernel.errors import Fault, Problem
from shared.kernel.message import Message
from shared.web.faults import faults_with_rules
from shared.web.fields import Rupiah
from shared.web.pages.forms.wording import text_for_people
from shared.web.pages.labels import PROBLEM_MEANINGS
from shared.web.schema import Schema as RequestSchema

PRIVATE = "_"
TOO_LARGE = "_too_large"  # names the boxes whose file the page itself refused, so that none came
FILE_TOO_LARGE = Message("The file that you chose is too large. Choose a smaller one.")
FILE_EMPTY = Message("The file that you chose is empty. Choose another one.")


@dataclass(frozen=True, slots=True)
class FieldError:
    """One error of a form; `name` is the field's, empty where it concerns the whole form."""

    name: str
    text: str


@dataclass(slots=True)
class SubmittedForm:
    """The form of this request. `rows` remembers which numbered boxes were filled, since empty ones are left out; `again`
    says that it is only to be drawn with what was typed."""

    action: str
    values: MultiDict[str, str]
    problem: Problem | None = None
    errors: list[FieldError] = field(default_factory=list)
    rows: dict[str, list[int]] = field(default_factory=dict)
    shown: bool = False
    again: bool = False
    schema: Schema | None = None

    def load(self, schema: type[RequestSchema], needed_files: Sequence[str] = ()) -> dict[str, Any]:
        """Return the body, or raise `Invalid` with a pointer per fault. A file that was not chosen is one of them."""
        shape = self.schema = schema()
        faults = [_no_file(name) for name in needed_files if not attached(name)]
        body = self._nested(shape, "")
        field_names = {name.split(".")[0] for name in shape.load_fields}
        for name in self.values:
            if not name.startswith(PRIVATE) and name.split(".")[0] not in field_names:
                body[name] = self.values[name]
        try:
            loaded: dict[str, Any] = shape.load(body)
        except ValidationError as refused:
            messages = refused.messages if isinstance(refused.messages, dict) else {"_schema": refused.messages}
            raise Invalid(errors=[*faults_with_rules(shape, refused, messages), *faults]) from None
        if faults:
            raise Invalid(errors=[*faults, *shape.broken_rules(loaded)])
        return loaded

    def refuse(self, problem: Problem) -> None:
        self.problem = problem
        self.errors = [
            FieldError(self.name_of(fault.pointer), self._text_of(fault))
            for fault in problem.errors
            if fault.header is None
        ]
        if problem.detail or not self.errors:
            self.errors.insert(0, FieldError("", _meaning(problem)))

    def _text_of(self, fault: Fault) -> str:
        if self.name_of(fault.pointer) in self.values.getlist(TOO_LARGE):
            return catalogues().text(FILE_TOO_LARGE, current_language())
        return text_for_people(fault, self.schema, current_language())

    def name_of(self, pointer: str | None) -> str:
        """Return a pointer's box: `days.2.date` for `/days/1/date` when the second filled row was the third on the page."""
        parts = [part.replace("~1", "/").replace("~0", "~") for part in (pointer or "").split("/")[1:]]
        for position, part in enumerate(parts):
            rows = self.rows.get(".".join(parts[:position]))
            if rows and part.isdecimal() and int(part) < len(rows):
                parts[position] = str(rows[int(part)])
        return ".".join(parts)

    def _nested(self, schema: Schema, prefix: str) -> dict[str, Any]:
        body: dict[str, Any] = {}
        for name, kind in schema.load_fields.items():
            key = kind.data_key or name
            value = self._value(kind, prefix + key)
            if value is not None:
                body[key] = value
            elif kind.allow_none and prefix + key in self.values:
                body[key] = None
        return body

    def _value(self, kind: fields.Field[Any], name: str) -> Any:
        if isinstance(kind, Rupiah):
            amount = self._single_value(fields.Integer(), name)
            return None if amount is None else {"amount": amount, "currency": "IDR"}
        if isinstance(kind, fields.Nested):
            return self._rows(name, kind) if kind.many else self._group(kind, name)
        if isinstance(kind, fields.List):
            return self._rows(name, kind.inner)
        return self._single_value(kind, name)

    def _group(self, kind: fields.Nested, name: str) -> dict[str, Any] | None:
        """Return the values of a group. One that is needed is never absent, so that each empty box in it is named."""
        return self._nested(kind.schema, name + ".") or ({} if kind.required else None)

    def _rows(self, name: str, inner: fields.Field[Any]) -> list[Any] | None:
        repeated_values = [value.strip() for value in self.values.getlist(name) if value.strip()]
        if repeated_values:
            return [_typed_value(inner, value) for value in repeated_values]
        numbers = sorted(
            {
                int(part)
                for key in self.values
                if key.startswith(name + ".") and (part := key.removeprefix(name + ".").split(".")[0]).isdecimal()
            }
        )
        rows: list[Any] = []
        for row in numbers:
            value = self._row(inner, f"{name}.{row}")
            if value is not None:
                rows.append(value)
                self.rows.setdefault(name, []).append(row)
        return rows or None

    def _row(self, inner: fields.Field[Any], name: str) -> Any:
        return (
            self._nested(inner.schema, name + ".") or None
            if isinstance(inner, fields.Nested)
            else self._value(inner, name)
        )

    def _single_value(self, kind: fields.Field[Any], name: str) -> Any:
        sent = self.values.getlist(name)
        text = sent[-1].strip().replace("\r\n", "\n") if sent else ""
        return _typed_value(kind, text) if text else None


def _no_file(name: str) -> Fault:
    """Return what is wrong where a file is needed: none was chosen, or nothing is in it."""
    chosen = request.files.get(name)
    is_empty = chosen is not None and bool(chosen.filename)
    return Fault("required", FILE_EMPTY if is_empty else None, pointer=f"/{name}")


def _meaning(problem: Problem) -> str:
    page_meaning = None if problem.detail else PROBLEM_MEANINGS.get(problem.type_name)
    return gettext(page_meaning) if page_meaning else problem_text(problem, current_language())


def _typed_value(kind: fields.Field[Any], text: str) -> Any:
    if isinstance(kind, fields.Boolean):
        return {"true": True, "false": False}.get(text, text)
    if isinstance(kind, fields.Number):
        return written_number(text, current_language())
    return written_day(text) if isinstance(kind, fields.Date) else text


def require_unchanged(thing: Any) -> None:
    """Refuse the form if the thing changed since its page was drawn with `form(..., version=thing.version)`."""
    drawn = request.form.get("_version", "")
    if drawn != str(thing.version):
        raise StaleVersion(type(thing).__name__, thing.id)


def attached(name: str) -> bytes:
    """Return the file that was chosen in a box, empty where none was. A command that runs again reads it again."""
    file = request.files.get(name)
    if file is None:
        return b""
    file.stream.seek(0)
    return file.stream.read()


def posted() -> SubmittedForm | None:
    form: SubmittedForm | None = g.get("score_posted")
    return form


def receive() -> SubmittedForm:
    return _received(request.form)


def asked() -> SubmittedForm:
    """Return the form of a question, which changes nothing, from this page's address; a refused form wins."""
    query = MultiDict([pair for pair in request.args.items(multi=True) if pair[0] != "lang"])
    return posted() or _received(query)


def _received(values: MultiDict[str, str]) -> SubmittedForm:
    g.score_posted = SubmittedForm(action=request.path, values=values)
    return g.score_posted  # type: ignore[no-any-return]
