"""Strings that lack a translation are found, fuzzy ones too; a service's words win and are used where it runs."""

from __future__ import annotations

import threading
from contextvars import copy_context

from services.certification.service import SERVICE as CERTIFICATION
from services.enrollment.service import SERVICE as ENROLLMENT
from shared.i18n.catalogues import Catalogues, catalogues
from shared.i18n.extraction import untranslated
from shared.i18n.language import gettext, speaking
from shared.kernel.message import Message, gettext_noop, pgettext_noop


def test_a_missing_and_a_fuzzy_string_are_found(tmp_path):
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / "a.html").write_text(
        '{{ _("Held") }}{{ _("Guessed") }}{{ ngettext("one", "many", 2) }}', encoding="utf-8"
    )
    (tmp_path / "pages.py").write_text(
        'gettext_noop("Forgotten"); raise Conflict(Message("Overlooked %(what)s", {"what": Message("Left behind")})); '
        'Message(pgettext_noop("column", "Held"))',
        encoding="utf-8",
    )
    target = tmp_path / "locale" / "id" / "messages.po"
    target.parent.mkdir(parents=True)
    target.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\nPlural-Forms: nplurals=1; plural=0;\\n"\n\n'
        'msgid "Held"\nmsgstr "Dipegang"\n\n#, fuzzy\nmsgid "Guessed"\nmsgstr "Ditebak"\n',
        encoding="utf-8",
    )
    assert sorted(untranslated(tmp_path, "id")) == [
        "Forgotten",
        "Guessed",
        "Held",
        "Left behind",
        "Overlooked %(what)s",
        "one",
    ]


def test_each_service_speaks_its_own_words_and_the_shared_ones():
    words = {service.name: Catalogues.of(service) for service in (CERTIFICATION, ENROLLMENT)}
    assert words["certification"].gettext("id", "Revoke") == "Cabut"
    assert words["enrollment"].gettext("id", "Revoke") == "Revoke"
    assert {each.gettext("id", "Sign out") for each in words.values()} == {"Keluar"}
    assert words["enrollment"].gettext("en", "Suspend") == "Suspend"


def test_words_are_those_in_use_and_without_any_the_shared_ones_outside_a_request_too():
    with speaking("id"):
        assert gettext("Suspend") == "Suspend"
        with Catalogues.of(ENROLLMENT).in_use():
            assert gettext("Suspend") == "Bekukan"
            heard: list[str] = []
            loop = threading.Thread(target=copy_context().run, args=(lambda: heard.append(gettext("Suspend")),))
            loop.start()
            loop.join()
            assert heard == ["Bekukan"]
        assert gettext("Suspend") == "Suspend"


def test_a_context_tells_two_translations_apart_and_is_never_shown():
    with Catalogues.of(ENROLLMENT).in_use():
        heading, column = "Classroom", pgettext_noop("column", "Classroom")
        said = [catalogues().gettext("id", text) for text in (heading, column)]
        assert said == ["Pelatihan di kelas", "Kelas"]
        assert {catalogues().gettext("en", text) for text in (heading, column)} == {"Classroom"}
        assert str(Message(column)) == "Classroom"
        assert catalogues().gettext("id", pgettext_noop("of nobody", "Suspend")) == "Suspend"


def test_nothing_to_say_is_nothing_and_a_per_cent_sign_stays():
    assert gettext(gettext_noop("")) == ""
    assert catalogues().text(Message("100 %"), "id") == "100 %"
