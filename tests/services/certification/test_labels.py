"""Every status, kind and string of certification's pages has its words."""

from __future__ import annotations

from typing import get_args

from services.certification.certificates.labels import STATUSES as WORDS
from services.certification.certificates.schemas import STATUSES
from services.certification.service import SERVICE
from services.certification.trainers.labels import KINDS
from shared.contracts import values
from shared.contracts.events import certification
from shared.i18n.extraction import untranslated
from shared.reference.sexes import SEXES


def test_every_code_that_is_shown_has_words() -> None:
    assert set(WORDS) == set(STATUSES)
    assert set(KINDS) == set(get_args(certification.TrainerKind))
    assert set(SEXES) == set(get_args(values.Sex))


def test_indonesian_is_complete() -> None:
    assert untranslated(SERVICE.folder, "id") == []
