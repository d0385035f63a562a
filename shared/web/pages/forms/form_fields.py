"""Gives the macros of `macros.html` what they need while they draw a form: ids, values typed before, errors.

A page may hold several forms; each gets its own ids, and only the one that was posted shows its values and errors
again. The macros open a frame, draw the fields into it, and close it; the error summary then knows which errors
have a box to lead to.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from flask import g, request
from werkzeug.datastructures import MultiDict

from shared.web.pages.forms.submitted_form import FieldError, SubmittedForm, posted


@dataclass(frozen=True, slots=True)
class FormField:
    """One field while it is drawn. Nothing is required in a search, so nothing is marked as optional either."""

    id: str
    name: str
    label: str
    value: Any
    chosen: tuple[str, ...]
    error: str | None
    searching: bool
    bounds: tuple[int, int] | None = None

    def described_by(self, hint: str) -> str:
        return " ".join(
            part for part in (f"{self.id}-hint" if hint else "", f"{self.id}-error" if self.error else "") if part
        )


@dataclass(slots=True)
class FormContext:
    """One form while it is drawn."""

    prefix: str
    values: MultiDict[str, str] | None
    posted: SubmittedForm | None
    searching: bool = False
    words: Mapping[str, str] = field(default_factory=dict)
    bounds: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)

    @property
    def again(self) -> bool:
        """Return whether it holds what somebody typed before a sign-in."""
        return self.posted is not None and self.posted.again

    @property
    def version(self) -> str | None:
        """Return the version that was before the eyes of whoever typed; it may be another by now."""
        return self.posted.values.get("_version") if self.posted is not None and self.posted.again else None

    @property
    def errors(self) -> list[tuple[str | None, FieldError]]:
        """Return each error with the id of its field, where one was drawn, in the order of the form."""
        places = {name: place for place, name in enumerate(self.labels)}
        field_errors = sorted(
            self.posted.errors if self.posted else [],
            key=lambda field_error: places.get(self._drawn(field_error.name) or "", -1),
        )
        return [(self._id_of(field_error.name), field_error) for field_error in field_errors]

    def label_of(self, field_error: FieldError) -> str:
        """Return what its box is called, as a text goes on behind it; a question keeps its mark."""
        return self.labels[self._drawn(field_error.name) or ""].rstrip(".:")

    def _id_of(self, name: str) -> str | None:
        drawn = self._drawn(name)
        return box_id(self.prefix, drawn) if drawn else None

    def _drawn(self, name: str) -> str | None:
        parts = name.split(".")
        candidates = [".".join(parts[:length]) for length in range(len(parts), 0, -1)]
        inside = [drawn for drawn in self.labels if name and drawn.startswith(f"{name}.")]
        return next((candidate for candidate in [*candidates, *inside] if candidate in self.labels), None)

    def error_about(self, name: str) -> str | None:
        """Return the error of a box, of a part it stands for (`price.amount` for `price`), or of the group it is first in."""
        field_errors = self.posted.errors if self.posted else []
        return next((field_error.text for field_error in field_errors if self._drawn(field_error.name) == name), None)


def box_id(prefix: str, name: str) -> str:
    return f"{prefix}{name.replace('.', '-')}"


def open_form(
    action: str,
    words: Mapping[str, str] | None = None,
    bounds: Mapping[str, tuple[int, int]] | None = None,
    also: str = "",
) -> FormContext:
    """Begin a form; `words` are what the fields of its target are called, for boxes that ask nothing of their own, `bounds` the
    least and most of its whole numbers. `also` is where its second button sends the same boxes."""
    g.score_forms = g.get("score_forms", 0) + 1
    prefix = "" if g.score_forms == 1 else f"form{g.score_forms}-"
    sent = posted()
    shown_again = sent is not None and any(_is_shown_again(sent, address) for address in (action, also) if address)
    refused_form = sent if shown_again else None
    if refused_form:
        refused_form.shown = True
    g.score_frame = FormContext(
        prefix, refused_form.values if refused_form else None, refused_form, words=words or {}, bounds=bounds or {}
    )
    frame: FormContext = g.score_frame
    return frame


def open_filters() -> FormContext:
    g.score_frame = FormContext("filter-", request.args, None, searching=True)
    frame: FormContext = g.score_frame
    return frame


def close_form() -> str:
    g.pop("score_frame", None)
    return ""


def box(name: str, value: Any, label: str | None) -> FormField:
    frame: FormContext = g.get("score_frame") or FormContext("", None, None)
    called = frame.words[name] if label is None else label
    frame.labels[name] = called
    if frame.values is not None:
        typed = tuple(frame.values.getlist(name))
        value = typed[-1] if typed else (None if frame.posted else value)
        chosen = typed if typed or frame.posted else _as_chosen(value)
    else:
        chosen = _as_chosen(value)
    return FormField(
        id=box_id(frame.prefix, name), name=name, label=called, value=value, chosen=chosen,
        error=frame.error_about(name), searching=frame.searching, bounds=frame.bounds.get(name),
    )  # fmt: skip


def has_errors() -> bool:
    """Return whether what was sent is refused; a question that cannot be answered saved nothing anyway."""
    sent = posted()
    return sent is not None and sent.problem is not None and request.method == "POST"


def refused(action: str) -> bool:
    sent = posted()
    return sent is not None and _is_shown_again(sent, action)


def _is_shown_again(sent: SubmittedForm, action: str) -> bool:
    return (sent.again or sent.problem is not None) and sent.action == urlsplit(action).path


def filtered() -> bool:
    """Return whether the list is narrowed by anything but its order and page."""
    return any(value for name, value in request.args.items() if name not in ("lang", "cursor", "sort", "limit"))


def orphaned_errors() -> list[FieldError]:
    """Return the errors of a refused form, when the page that came back no longer holds that form."""
    sent = posted()
    return sent.errors if sent is not None and sent.problem is not None and not sent.shown else []


def _as_chosen(value: Any) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, bool):
        return ("true",) if value else ("false",)
    if isinstance(value, (list, tuple, set, frozenset)):
        return tuple(str(item) for item in value)
    return (str(value),)
