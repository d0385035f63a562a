"""An institution comes back, and forgets who left it."""

from __future__ import annotations

import pytest

from services.enrollment.institutions.model import Institution, InstitutionContact
from shared.contracts.events.enrollment import InstitutionRestored
from shared.domain.errors import NotAllowedNow
from tests.support.recorded_events import said


def test_an_institution_comes_back_and_forgets_who_left_it() -> None:
    contact = InstitutionContact(name="Wulan", roles=["billing"])
    made = Institution(kind="university", name="Contoh", province="ID-JB", provinces=["ID-JT"], contacts=[contact])
    made.register()
    assert made.provinces == ["ID-JB", "ID-JT"]
    with pytest.raises(NotAllowedNow):
        made.restore()
    made.suspend("inactive")
    made.restore()
    assert made.state == "active"
    assert said(made, InstitutionRestored)
    assert [party.roles for party in made.parties()] == [("contact", "billing"), ("billing",)]
    made.correct(contacts=[])
    assert [gone.key for gone in made.forgotten([contact.contact_id])] == [contact.contact_id]
