"""Indonesian by default, English by choice; dates, numbers and money as either reads them; no string left behind."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

import shared.web.pages
from shared.runtime.service import ROOT
from shared.web.pages import formats, language
from shared.web.pages.extraction import untranslated
from shared.web.pages.language import ngettext, speaking
from shared.web.pages.translations import Catalogues

PAGES = Path(shared.web.pages.__file__).parent
FOLDERS = [PAGES, *sorted(path.parent for path in (ROOT / "services").glob("*/templates"))]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_every_string_is_translated(folder):
    own = set(untranslated(folder, "id"))
    known = Catalogues()
    left = {text for text in own if folder == PAGES or known.gettext("id", text) == text}
    assert not left, f"run python -m shared.web.pages.extraction {folder.relative_to(ROOT)} and translate"


def test_a_missing_and_a_fuzzy_string_are_found(tmp_path):
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "a.html").write_text(
        '{{ _("Held") }}{{ _("Guessed") }}{{ ngettext("one", "many", 2) }}', encoding="utf-8"
    )
    (tmp_path / "pages.py").write_text('gettext_noop("Forgotten")', encoding="utf-8")
    target = tmp_path / "locale" / "id" / "messages.po"
    target.parent.mkdir(parents=True)
    target.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\nPlural-Forms: nplurals=1; plural=0;\\n"\n\n'
        'msgid "Held"\nmsgstr "Dipegang"\n\n#, fuzzy\nmsgid "Guessed"\nmsgstr "Ditebak"\n',
        encoding="utf-8",
    )
    assert sorted(untranslated(tmp_path, "id")) == ["Forgotten", "Guessed", "one"]


@pytest.mark.parametrize(
    ("query", "cookie", "header", "expected"),
    [
        ("", None, None, "id"), ("", None, "en-GB,en;q=0.9", "en"), ("", None, "id-ID,en;q=0.5", "id"),
        ("", None, "nl", "id"),
        ("", "en", "id", "en"), ("?lang=id", "en", "en", "id"),
        ("?lang=xx", None, None, "id"), ("?lang=en", "nonsense", None, "en"),
    ],
)  # fmt: skip
def test_the_language_is_chosen(client, query, cookie, header, expected):
    if cookie:
        client.set_cookie("score_lang", cookie, domain="localhost")
    answer = client.get(f"/verify/x{query}", headers={"Accept-Language": header} if header else {})
    assert f'<html lang="{expected}">' in answer.text


def test_a_choice_is_remembered_and_not_carried_in_links(staff):
    answer = staff.get("/enterprises?province=ID-BA&lang=en")
    assert ">Enterprises</h1>" in answer.text
    assert "sort=name" in answer.text
    assert "lang=en&amp;" not in answer.text
    assert ">Enterprises</h1>" in staff.get("/enterprises").text
    assert ">Perusahaan</h1>" in staff.get("/enterprises?lang=id").text


def test_numbers_and_money():
    assert formats.number(1234567.5, "id") == "1.234.567,5"
    assert formats.number(1234567, "en") == "1,234,567"
    assert formats.money({"amount": 1_500_000, "currency": "IDR"}, "id") == "Rp1.500.000"
    assert formats.money(1_500_000, "en") == "IDR 1,500,000"
    assert formats.money(-2000, "id") == "−Rp2.000"
    assert formats.percent(0.623, "id") == "62,3%"
    assert formats.percent(1, "en") == "100%"


def test_dates_carry_the_weekday_and_moments_their_zone():
    assert formats.day(date(2026, 8, 3), "id") == "Senin, 3 Agustus 2026"
    assert formats.day("2026-08-03", "en", "Asia/Makassar") == "Monday, 3 August 2026 (WITA)"
    late = datetime(2026, 8, 3, 16, 30, tzinfo=UTC)
    assert formats.moment(late, "id") == "Senin, 3 Agustus 2026, 23.30 WIB"
    assert formats.moment(late, "en", "WIT") == "Tuesday, 4 August 2026, 01:30 WIT"


def test_what_people_type_as_numbers():
    assert formats.written_number("1.500.000", "id") == 1_500_000
    assert formats.written_number("12,5", "id") == 12.5
    assert formats.written_number("12.5", "en") == 12.5
    assert formats.written_number("12.5", "id") == "12.5", "neither 125 nor 12½ for certain"


def test_plurals(app):
    with speaking("en"):
        assert language.ngettext("%(num)s visit", "%(num)s visits", 1) == "1 visit"
        assert ngettext("%(num)s visit", "%(num)s visits", 1200) == "1,200 visits"
    with app.app_context(), speaking("id"):
        assert ngettext("%(num)s enterprise", "%(num)s enterprises", 1200) == "1.200 perusahaan"
