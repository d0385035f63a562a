"""Compares names as people type them: case, accents, punctuation and spaces do not count."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable


def name_key(name: str) -> str:
    """Return the same key for spellings of one name."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return " ".join("".join(c if c.isalnum() else " " for c in plain if not unicodedata.combining(c)).split())


def words_of(key: str | None) -> list[str]:
    """Return the words of a `name_key`, each once."""
    return list(dict.fromkeys((key or "").split()))


def is_called(name_words: Iterable[str], words: Iterable[str]) -> bool:
    """Return whether each of these is a word of the name, or the beginning of one."""
    known = tuple(name_words)
    return all(any(name_word.startswith(word) for name_word in known) for word in words)
