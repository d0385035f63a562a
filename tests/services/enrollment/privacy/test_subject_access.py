"""A person's record can be read in either language."""

from __future__ import annotations

import pytest

from services.enrollment.people import consent
from services.enrollment.privacy.subject_access import readable
from tests.support.participants import (
    person,
    staff,  # noqa: F401 - for every test here
)


@pytest.mark.parametrize(
    ("language", "words"), [("id", ["Perempuan".lower(), "Nama: Ratna"]), ("en", ["female", "Name"])]
)
def test_the_record_can_be_read_in_either_language(language: str, words: list[str]) -> None:
    someone = person("training")
    text = readable(
        {
            "participant": someone,
            "enterprise": "Kayu Contoh",
            "consents": someone.consents,
            "requests": [],
            "readers": [],
        },
        language,
    )
    assert all(
        word in text for word in [*words, "Kayu Contoh", consent.TEXTS[consent.CURRENT_TEXT]["training"][language]]
    )
