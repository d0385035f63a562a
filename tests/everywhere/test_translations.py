"""No text for people is left untranslated, and there is one mechanism for them: gettext's catalogues."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest

from shared.i18n.catalogues import Catalogues
from shared.i18n.extraction import catalogue_of, folders_with_words, strings_of, untranslated
from shared.i18n.languages import LANGUAGES
from shared.kernel.service import ROOT, declared

SHARED = ROOT / "shared"

FOLDERS = folders_with_words()


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_string_is_translated(folder):
    own = set(untranslated(folder, "id"))
    known = Catalogues()
    left = {text for text in own if folder == SHARED or known.gettext("id", text) == text}
    assert not left, "run make catalogues and translate"


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_no_text_is_kept_that_nothing_says_any_more(folder):
    said = {(text.id, text.context) for text in strings_of(folder)}
    kept = [text.id for text in catalogue_of(folder, "id") if text.id and (text.id, text.context) not in said]
    assert kept == [], "run make catalogues"


# what is in two languages by nature: what people agreed to, sample people, what a language calls itself, forms of numbers
DATA = {
    "services/enrollment/people/consent.py",
    "deploy/demo/sample.py",
    "shared/web/pages/environment.py",
    "shared/i18n/formats.py",
    "shared/reference/languages.py",
}


@pytest.mark.parametrize("folder", folders_with_words(), ids=lambda folder: folder.name)
def test_no_translation_says_the_same_twice(folder):
    twice = []
    for text in catalogue_of(folder, "id"):
        for said in [text.string] if isinstance(text.string, str) else text.string:
            middle = (len(said) + 1) // 2
            if text.id and len(said) > 20 and said[:middle].strip() == said[middle:].strip():
                twice.append(said)
    assert twice == []


def test_no_text_stands_in_two_languages_side_by_side():
    assert sorted({file for file, tree in product() for node in ast.walk(tree) if _two_languages(node)} - DATA) == []


def test_nothing_outside_i18n_asks_which_language_it_is():
    asking = {
        f"{file}:{node.lineno}"
        for file, tree in product()
        if not file.startswith("shared/i18n/")
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare | ast.Match) and "language" in ast.unparse(node) and _languages(node)
    }
    assert sorted(asking) == []


def test_what_is_raised_is_a_message_of_the_catalogues():
    """A message is made of a literal that extraction finds, or of a marked text that has a name."""
    made_up = {
        f"{file}:{node.lineno}"
        for file, tree in product()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in ("Message", "gettext_noop", "pgettext_noop")
        and any(isinstance(part, ast.JoinedStr | ast.BinOp) for part in node.args)
    }
    assert sorted(made_up) == []


def test_two_languages_and_made_up_texts_are_found():
    two = ast.parse('WORDS = {"id": "Usaha ini tidak dikenal.", "en": f"{name} is not known."}')
    assert any(_two_languages(node) for node in ast.walk(two))
    assert not any(_two_languages(node) for node in ast.walk(ast.parse('row = {"id": key, "en": name, "at": now}')))
    assert _languages(ast.parse('x if language == "en" else y'))


@pytest.mark.parametrize("service", declared(), ids=lambda service: service.name)
def test_every_label_that_a_template_names_exists(service):
    named = {
        (file.name, found[1], found[2])
        for folder in service.template_folders
        for file in folder.rglob("*.html")
        for found in re.finditer(r"\blabels\.(\w+)\.([A-Z_]+)", file.read_text(encoding="utf-8"))
    }
    assert [name for name in named if not hasattr(service.labels.get(name[1]), name[2])] == []


@cache
def product() -> list[tuple[str, ast.Module]]:
    return [
        (path.relative_to(ROOT).as_posix(), ast.parse(path.read_text(encoding="utf-8")))
        for top in ("shared", "services", "deploy")
        for path in sorted((ROOT / top).rglob("*.py"))
    ]


def _two_languages(node: ast.AST) -> bool:
    """`{"id": ..., "en": ...}`, `dict(id=..., en=...)`."""
    if isinstance(node, ast.Dict):
        return {key.value for key in node.keys if isinstance(key, ast.Constant)} == set(LANGUAGES)
    return isinstance(node, ast.Call) and {word.arg for word in node.keywords} == set(LANGUAGES)


def _languages(node: ast.AST) -> bool:
    return any(isinstance(part, ast.Constant) and part.value in LANGUAGES for part in ast.walk(node))
