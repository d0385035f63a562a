"""The same thing has the same Indonesian word on every page and in every letter, and a refusal says what to do.

The words are the table "One word for one thing" of docs/glossary.md. What it does not use stands in no catalogue, no letter
and no text that is in two languages by nature; the targets of the programme keep the words of its own document.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from shared.i18n.extraction import catalogue_of, folders_with_words
from shared.kernel.service import ROOT

TABLE = re.compile(r"### One word for one thing\n(.*?)\n###", re.DOTALL)
IN_TWO_LANGUAGES = ("services/enrollment/people/consent.py", "deploy/demo/sample.py")


class Text(NamedTuple):
    place: str
    source: str
    said: str


@cache
def not_used() -> tuple[str, ...]:
    table = TABLE.search((ROOT / "docs/glossary.md").read_text(encoding="utf-8"))
    assert table
    rows = [row.strip("|").split("|") for row in table[1].splitlines() if row.startswith("|")][2:]
    assert all(len(row) == 3 for row in rows)
    return tuple(word.strip() for row in rows for word in row[2].split(",") if word.strip())


@cache
def found_in(said: str) -> frozenset[str]:
    """Return the words not used that stand in a text, with the endings that Indonesian gives them."""
    return frozenset(
        word for word in not_used() if re.search(rf"\b(?:di)?{re.escape(word)}(?:nya|kan|an)?\b", said, re.IGNORECASE)
    )


def texts() -> Iterator[Text]:
    for folder in folders_with_words():
        for message in catalogue_of(folder, "id"):
            if message.id:
                source = message.id if isinstance(message.id, str) else message.id[0]
                said = message.string if isinstance(message.string, str) else message.string[0]
                yield Text(folder.name, f"{message.context}: {source}" if message.context else source, said)
    for file in sorted((ROOT / "services").rglob("templates/**/*.id.*")):
        yield Text(file.relative_to(ROOT).as_posix(), "", file.read_text(encoding="utf-8"))
    for name in IN_TWO_LANGUAGES:
        yield from (Text(name, "", said) for said in _strings((ROOT / name).read_text(encoding="utf-8")))


# the word, and what it is said of: there it means something else, or the words are not ours to change
ALLOWED = {
    ("penyedia", "From your institution's identity provider, or from the command score token."): "it trains nobody",
    ("surel", "services/enrollment/people/consent.py"): "people agreed to these words: a new text would ask them again",
}


def test_a_word_that_is_not_used_stands_nowhere() -> None:
    standing = {(word, text.source or text.place): text.said for text in texts() for word in found_in(text.said)}
    assert {key: said for key, said in standing.items() if key not in ALLOWED} == {}
    assert set(ALLOWED) <= set(standing), "what is allowed is needed no more"


def test_every_word_is_found_as_it_bends() -> None:
    for said, word in {
        "Lembaga ini ditangguhkan.": "tangguhkan",
        "Semua faktanya dikirim.": "fakta",
        "Perusahaan Anda": "perusahaan",
        "Pilih penyedianya.": "penyedia",
        "Kelas ukuran": "kelas ukuran",
    }.items():
        assert word in found_in(said)
    assert not found_in("Jika usaha keluar dari program, beri tahu lembaga pelatihannya.")
    assert len(not_used()) > 30


# the same English, and two things: each catalogue has the word of its own
TWO_THINGS = {
    "Due": "an invoice falls due (jatuh tempo), what is to be done has a last day (tenggat)",
    "Number": "a name in figures (nomor), a quantity (angka)",
    "Size": "of an enterprise (skala usaha), of a record (ukuran)",
}


def test_the_same_text_is_the_same_in_every_catalogue() -> None:
    said = defaultdict(set)
    for text in texts():
        if text.source:
            said[text.source].add(text.said)
    assert {source: words for source, words in said.items() if len(words) > 1 and source not in TWO_THINGS} == {}
    assert {source for source in TWO_THINGS if len(said[source]) > 1} == set(TWO_THINGS)


DO = ("Choose", "Enter", "Give", "Name", "Upload", "Write")
# parts of a sentence, and what leaves nothing to do
NO_ADVICE = {
    "screening",
    "the signed commitment",
    "enrolment",
    "%(before)s, then %(then)s",
    "This comes first: %(steps)s.",
}


def test_a_refusal_says_what_is_wrong_and_what_to_do() -> None:
    """It is two sentences, or one that begins with what to do."""
    refusals = {text for file in sorted((ROOT / "services").rglob("errors.py")) for text in _messages(file.read_text())}
    assert {text for text in refusals - NO_ADVICE if not _advises(text)} == set()
    assert refusals >= NO_ADVICE
    assert not _advises("This day is over.")


def _advises(text: str) -> bool:
    return text.startswith(DO) or len(re.findall(r"[.;!?](?:\s|$)", text)) > 1


def _messages(code: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "Message":
            yield from (str(part.value) for part in node.args if isinstance(part, ast.Constant))


def _strings(code: str) -> Iterator[str]:
    return (str(node.value) for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Constant))
