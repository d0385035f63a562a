"""Every state, step and string of consulting's pages has its words."""

from __future__ import annotations

from services.consulting.service import SERVICE
from services.consulting.visits.labels import HAPPENINGS, STATES
from services.consulting.visits.model import Visit
from shared.i18n.extraction import untranslated


def test_every_state_and_step_has_words() -> None:
    assert Visit.LIFECYCLE is not None
    assert set(STATES) == set(Visit.LIFECYCLE.states)
    assert set(HAPPENINGS) == {"dispute", *Visit.LIFECYCLE.steps}


def test_indonesian_is_complete() -> None:
    assert untranslated(SERVICE.folder, "id") == []
