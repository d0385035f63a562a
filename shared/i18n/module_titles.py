"""Says what a module is called, in every service alike, from the copy of the catalogue's titles."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from flask import g, has_request_context

from shared.i18n.language import current_language
from shared.i18n.languages import DEFAULT
from shared.messaging.references import module_titles

_kept: ContextVar[dict[str, dict[str, tuple[str, str]]] | None] = ContextVar("titles", default=None)


def module_title(code: str) -> str:
    """Return a module's code with its title in the language of the page; the code alone until its title has arrived."""
    titles = _titles().get(code)
    return code if titles is None else f"{code} {titles[current_language() != DEFAULT]}"


def modules_to_choose(*others: str | None) -> list[tuple[str, str]]:
    """Return code and title of every module whose title has arrived, and of others that a page names, by code."""
    return [(code, module_title(code)) for code in sorted({*_titles(), *filter(None, others)})]


@contextmanager
def titles_read_once() -> Iterator[None]:
    """Read the titles once for everything that is written inside, as a round of letters is."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def _titles() -> dict[str, tuple[str, str]]:
    """Return the titles, read once for a request however many of them it shows."""
    kept = _kept.get()
    if kept is not None:
        if "titles" not in kept:
            kept["titles"] = module_titles()
        return kept["titles"]
    if not has_request_context():
        return module_titles()
    if "module_titles" not in g:
        g.module_titles = module_titles()
    titles: dict[str, tuple[str, str]] = g.module_titles
    return titles
