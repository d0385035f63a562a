"""Strings that lack a translation are found, fuzzy ones too."""

from __future__ import annotations

from shared.i18n.extraction import untranslated


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
