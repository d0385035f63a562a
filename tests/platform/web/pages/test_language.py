"""Indonesian by default, English by choice; dates, numbers and money as either reads them; no string left behind."""

from __future__ import annotations

import pytest

from shared.i18n import language
from shared.i18n.language import ngettext, speaking


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
    assert ">Usaha</h1>" in staff.get("/enterprises?lang=id").text


def test_plurals(app):
    with speaking("en"):
        assert language.ngettext("%(num)s visit", "%(num)s visits", 1) == "1 visit"
        assert ngettext("%(num)s visit", "%(num)s visits", 1200) == "1,200 visits"
    with app.catalogues.in_use(), speaking("id"):
        assert ngettext("%(num)s enterprise", "%(num)s enterprises", 1200) == "1.200 usaha"
