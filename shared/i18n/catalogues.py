"""Reads the words for people from `.po` files, one catalogue per language.

The source strings are English, so English needs no file. A service's `locale/<language>/messages.po` adds to the
shared one and wins where both translate a string. A missing translation falls back to the source string: the text is
then half English, never broken; a test fails on it before anyone sees it. Nothing compiled is kept in the repository.

An application and a worker make the catalogues of their service, and put them in use around what they run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Self

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from shared.i18n.languages import LANGUAGES
from shared.kernel.message import CONTEXT, Message, filled
from shared.kernel.service import Service

SHARED = Path(__file__).parents[1] / "locale"


class Catalogues:
    """The merged words of some locale folders; later folders win."""

    def __init__(self, *folders: Path) -> None:
        self._by_language: Mapping[str, Translations] = {
            language: _merged([folder / language / "messages.po" for folder in (SHARED, *folders)])
            for language in LANGUAGES
        }

    @classmethod
    def of(cls, service: Service) -> Self:
        return cls(service.folder / "locale")

    @contextmanager
    def in_use(self) -> Iterator[None]:
        token = _in_use.set(self)
        try:
            yield
        finally:
            _in_use.reset(token)

    def gettext(self, language: str, message: str) -> str:
        if not message:
            return ""  # which would be the catalogue's own header
        return self._by_language[language].ugettext(message).rpartition(CONTEXT)[2]

    def ngettext(self, language: str, singular: str, plural: str, count: int) -> str:
        return self._by_language[language].ungettext(singular, plural, count)

    def text(self, message: Message, language: str) -> str:
        values = {
            name: self.text(value, language) if isinstance(value, Message) else value
            for name, value in message.values.items()
        }
        return filled(self.gettext(language, message.msgid), values)


_in_use: ContextVar[Catalogues | None] = ContextVar("catalogues", default=None)


def catalogues() -> Catalogues:
    """Return the catalogues of the running service; the shared ones alone where none runs, as in an operator's command."""
    return _in_use.get() or _shared()


@cache
def _shared() -> Catalogues:
    return Catalogues()


def _merged(paths: list[Path]) -> Translations:
    merged, *others = [_compiled(path) for path in paths if path.exists()] or [Translations()]
    for other in others:
        merged.merge(other)  # keeps the plural rule of the first
    return merged


def _compiled(path: Path) -> Translations:
    with path.open("rb") as source:
        catalog = read_po(source, abort_invalid=True)
    binary = BytesIO()
    write_mo(binary, catalog)
    binary.seek(0)
    return Translations(fp=binary)
