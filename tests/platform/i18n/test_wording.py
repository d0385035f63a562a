"""Texts of problems exist in both languages; a command's own words win."""

from __future__ import annotations

import pytest
from babel import Locale

from shared.i18n import messages
from shared.i18n.catalogues import Catalogues
from shared.i18n.fault_messages import FAULTS
from shared.i18n.languages import LANGUAGES
from shared.kernel.errors import Fault, Problem
from shared.kernel.message import Message
from shared.reference.languages import LANGUAGES as NAMES

WORDS = Catalogues()
TEXTS = [*FAULTS.values(), *(text for title in messages.TITLES.values() for text in title)]


@pytest.mark.parametrize("text", TEXTS)
def test_every_text_exists_in_both_languages(text: str) -> None:
    texts = {WORDS.gettext(language, text) for language in LANGUAGES}
    assert len(texts) == len(LANGUAGES)
    assert all(texts)


def test_a_commands_own_words_win() -> None:
    own = Message("The form has expired")
    assert messages.fault_text(Fault("required", own), "en") == "The form has expired"
    assert messages.fault_text(Fault("required", own), "id") == "Formulir sudah kedaluwarsa"
    assert messages.fault_text(Fault("required"), "id") == "Wajib diisi."
    assert messages.fault_text(Fault("of-a-service"), "en") == "The value is not valid."
    assert messages.problem_text(Problem(), "id").startswith("Kesalahan ada pada kami")
    assert messages.problem_text(Problem(own), "id") == "Formulir sudah kedaluwarsa"


def test_the_holes_of_a_text_are_filled_and_what_is_a_message_in_them_is_translated() -> None:
    fault = Fault("wrong-type", values={"expected": Message("a whole number")})
    assert messages.fault_text(fault, "id") == "Harus berupa bilangan bulat."
    assert messages.fault_text(fault, "en") == "Has to be a whole number."
    assert messages.fault_text(Fault("too-long", values={"max": 5}), "id") == "Terlalu panjang; paling banyak 5."


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_is_called_what_it_is(language: str) -> None:
    for code, name in NAMES.items():
        assert Locale(language).languages[code] in WORDS.gettext(language, name)
