"""Whose address does not work, and where another is entered."""

from __future__ import annotations

from services.notifications.service import SERVICE as NOTIFICATIONS
from shared.contracts.parties import Party
from shared.kernel import ids
from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM
from tests.support import factories
from tests.support.office import PROVIDER
from tests.support.records import Group, party_records
from tests.support.visitor import Visitor


def test_a_refused_address_leads_to_the_register_and_ends_with_another_one(site):
    from services.notifications.recipients.handlers import addresses

    app = site(NOTIFICATIONS)
    with acting_as(SYSTEM):
        row = factories.suppression(PROVIDER)
    path = f"/refused-addresses/{row.id}"
    staff, auditor = Visitor(app, "provider", institution=PROVIDER), Visitor(app, "auditor")
    assert "Ratna" in staff.read("/refused-addresses?state=active")
    shown = staff.client.get(path).text
    assert f"/enterprises/{row.recipient_id}" in shown
    assert "example.org" not in shown
    assert "Write to it again" not in auditor.read(path)
    Visitor(app, "provider", institution=ids.new()).read(path, 404)
    moved = Party(party_id=row.recipient_id, version=2, kind="enterprise", name="Ratna", email="baru@example.org")
    with acting_as(SYSTEM):
        Group(addresses).take(party_records("enrollment", [moved]))
    assert "Another address was entered" in staff.read(path)


def test_an_address_of_which_somebody_says_that_it_works_is_written_to_again(site):
    app = site(NOTIFICATIONS)
    with acting_as(SYSTEM):
        row = factories.suppression(PROVIDER)
    staff, path = Visitor(app, "programme"), f"/refused-addresses/{row.id}"
    staff.send(f"{path}/lifting", shown=path)
    assert "Works again" in staff.read(path)
