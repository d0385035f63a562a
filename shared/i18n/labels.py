"""Puts the labels of codes into the visitor's language. A code without a label is shown as it is.

A subject's `labels.py` says each code once: `{code: gettext_noop("...")}`, of a state with the kind of its mark.
"""

from __future__ import annotations

from collections.abc import Mapping

from shared.i18n.catalogues import catalogues
from shared.i18n.language import gettext

Label = str | tuple[str, str]


def label_of(code: str | None, labels: Mapping[str, Label]) -> str:
    if not code or code not in labels:
        return code or ""
    return gettext(_words(labels[code]))


def options(labels: Mapping[str, Label]) -> list[tuple[str, str]]:
    """Return what a choice offers: each code with its label."""
    return [(code, gettext(_words(label))) for code, label in labels.items()]


def in_language(label: Label, language: str) -> str:
    """Return a label in a language that is not the visitor's."""
    return catalogues().gettext(language, _words(label))


def _words(label: Label) -> str:
    return label if isinstance(label, str) else label[0]
