"""Catalogues of the pages' words, one per language, read from `.po` files at first use.

The source strings are English, so English needs no file. A service's `locale/<language>/messages.po` adds to the
shared one and wins where both translate a string. A missing translation falls back to the source string: the page is
then half English, never broken; a test fails on it before anyone sees it. Nothing compiled is kept in the repository.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from shared.i18n.languages import LANGUAGES

SHARED = Path(__file__).parents[1] / "locale"


class Catalogues:
    """The merged words of some locale folders; later folders win."""

    def __init__(self, *folders: Path) -> None:
        self._by_language: Mapping[str, Translations] = {
            language: _merged([folder / language / "messages.po" for folder in (SHARED, *folders)])
            for language in LANGUAGES
        }

    def gettext(self, language: str, message: str) -> str:
        return self._by_language[language].ugettext(message)

    def ngettext(self, language: str, singular: str, plural: str, count: int) -> str:
        return self._by_language[language].ungettext(singular, plural, count)


@cache
def shared_catalogues() -> Catalogues:
    return Catalogues()


def _merged(paths: list[Path]) -> Translations:
    first, *others = [_compiled(path) for path in paths if path.exists()] or [Translations()]
    for other in others:
        first.merge(other)  # keeps the plural rule of the first
    return first


def _compiled(path: Path) -> Translations:
    with path.open("rb") as source:
        catalog = read_po(source, abort_invalid=True)
    binary = BytesIO()
    write_mo(binary, catalog)
    binary.seek(0)
    return Translations(fp=binary)
