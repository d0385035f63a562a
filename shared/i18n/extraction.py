"""Collects the words for people from code and templates and brings their catalogues up to date: `make catalogues`.

Writes `locale/id/messages.po` of shared, of every service, and of what in `deploy` has such a folder: new strings come in
empty, vanished ones go, translations stay. A test fails while one is empty.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from shared.kernel.service import ROOT, declared

TRANSLATED = ("id",)  # the source strings are English
TRANSLATORS = "SCORE platform team <score@example.org>"
PLURAL_FORMS = {"id": "nplurals=1; plural=0;"}  # Babel does not know that Indonesian has one form
METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2"), ("templates/**.html", "jinja2")]
TEMPLATES = {"extensions": "jinja2.ext.do", "trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
KEYWORDS = {**DEFAULT_KEYWORDS, "gettext_noop": None, "pgettext_noop": ((1, "c"), 2), "Message": None}


def folders_with_words() -> tuple[Path, ...]:
    """Return the folders that have a catalogue of their own."""
    in_deploy = sorted(folder.parent for folder in ROOT.glob("deploy/*/locale"))
    return (ROOT / "shared", *(service.folder for service in declared()), *in_deploy)


def strings_of(folder: Path) -> Catalog:
    """Return every translatable string of a folder's code and templates."""
    strings = Catalog(project="score-platform", fuzzy=False)
    rows = extract_from_dir(folder, METHODS, {method[0]: TEMPLATES for method in METHODS[1:]}, KEYWORDS)
    for file, _line, message, _comments, context in rows:
        strings.add(message, locations=[(Path(file).as_posix(), 0)], context=context)
    return strings


def catalogue_of(folder: Path, language: str) -> Catalog:
    path = _path(folder, language)
    if path.exists():
        with path.open("rb") as source:
            return read_po(source, locale=language, abort_invalid=True)
    new = Catalog(
        locale=language,
        project="score-platform",
        version="1",
        header_comment=f"# Indonesian words of {folder.name}'s pages.",
        msgid_bugs_address="score@example.org",
        last_translator=TRANSLATORS,
        language_team="Indonesian",
        revision_date=datetime.now(UTC),
        fuzzy=False,
    )
    new.mime_headers = [("Plural-Forms", PLURAL_FORMS[language])]
    return new


def untranslated(folder: Path, language: str) -> list[str]:
    """Return the strings that the catalogue lacks, leaves empty or marks fuzzy."""
    catalogue = catalogue_of(folder, language)
    missing = []
    for message in strings_of(folder):
        if not message.id:
            continue
        entry = catalogue.get(message.id, message.context)
        texts = [] if entry is None else [entry.string] if isinstance(entry.string, str) else list(entry.string or ())
        if entry is None or entry.fuzzy or not texts or not all(texts):
            missing.append(message.id if isinstance(message.id, str) else message.id[0])
    return missing


def update(folder: Path) -> None:
    for language in TRANSLATED:
        catalogue = catalogue_of(folder, language)
        catalogue.update(strings_of(folder), no_fuzzy_matching=True, update_creation_date=False)
        catalogue.obsolete.clear()
        path = _path(folder, language)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as target:
            write_po(target, catalogue, width=110, include_lineno=False, sort_output=True, ignore_obsolete=True)


def _path(folder: Path, language: str) -> Path:
    return folder / "locale" / language / "messages.po"


if __name__ == "__main__":
    for folder in folders_with_words():
        update(folder)
