"""Letters are decided on and never told."""

from __future__ import annotations

from datetime import timedelta

from services.notifications.service import SERVICE as NOTIFICATIONS
from shared.contracts.parties import CONTACTS, Party
from shared.kernel import clock, ids
from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM
from shared.messaging import copies
from shared.messaging.ports import Heard
from shared.storage.transaction import transactional
from tests.support.office import PROVIDER
from tests.support.visitor import Visitor


def test_letters_are_decided_on_and_never_told(site):
    from services.notifications.letters import commands
    from services.notifications.sending.commands import Settled, store
    from services.notifications.sending.rules import Outcome

    app = site(NOTIFICATIONS)
    recipient = ids.new()
    party = Party(
        party_id=recipient, version=1, kind="enterprise", name="CV Rahasia", roles=("billing",),
        email="rahasia@example.org", language="id",
    )  # fmt: skip
    transactional(lambda: copies.keep("notifications.addresses", party, Heard(CONTACTS.of("enrollment"))))()
    about = {"number": "2026/000001/00042", "module": "M1", "total": 1, "tax": 0,
             "issued_on": "2026-01-01", "due_on": "2026-02-01"}  # fmt: skip
    letter = commands.write_letter(
        template="invoice_issued", cause_id=ids.new(), cause_at=clock.now() - timedelta(hours=72),
        recipient_id=recipient, institution_id=PROVIDER, about=about,
    )  # fmt: skip
    path = f"/letters/{letter.id}"
    staff, auditor = Visitor(app, "provider", institution=PROVIDER), Visitor(app, "auditor")
    assert "Held" in staff.read("/letters?state=held")
    assert "Release the letter" not in auditor.read(path)
    staff.send(f"{path}/release", shown=path)
    assert "Ready to be sent" in staff.read(path)
    with acting_as(SYSTEM):
        claimed = store({letter.id: ids.new()}, [], []).claimed[letter.id]
        store({}, [], [Settled(letter.id, claimed.claim_id, Outcome("ambiguous", "sender-died"))])
    assert "gets it twice" in staff.read(path)
    for told in ("/letters", path):
        shown = staff.client.get(told).text
        assert "CV Rahasia" in shown
        for secret in ("rahasia@", "00042"):
            assert secret not in shown
    staff.send(f"{path}/resending", shown=path)
    assert "Ready to be sent" in staff.read(path)
    Visitor(app, "provider", institution=ids.new()).read(path, 404)
