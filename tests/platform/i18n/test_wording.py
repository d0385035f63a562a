"""Texts of problems exist in both languages; a command's own words win."""

from __future__ import annotations

import re

from shared.i18n import messages
from shared.i18n.fault_messages import FAULTS, STOCK
from shared.kernel.errors import Fault


def test_every_text_exists_in_both_languages() -> None:
    for title in messages.TITLES.values():
        assert all(title)
        assert title.id != title.en
    for code, texts in FAULTS.items():
        assert set(texts) == set(messages.LANGUAGES), code
        holes = [set(re.findall(r"\{(\w+)\}", text)) for text in texts.values()]
        assert holes[0] == holes[1], code
    assert {code for _, code in STOCK} <= set(FAULTS)


def test_a_commands_own_words_win() -> None:
    assert messages.fault_text(Fault("required", {"id": "Isi!", "en": "Fill!"}), "en") == "Fill!"
    assert messages.fault_text(Fault("required", "Missing data for required field."), "id") == "Wajib diisi."
    assert messages.fault_text(Fault("of-a-service"), "en") == "The value is not valid."
