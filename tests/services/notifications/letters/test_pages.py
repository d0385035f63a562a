"""Letters are decided on and never told."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from services.notifications.copies.model import Content
from services.notifications.letters import commands
from services.notifications.letters.model import Letter
from services.notifications.sending.commands import Settled, store
from services.notifications.sending.rules import Outcome
from services.notifications.service import SERVICE as NOTIFICATIONS
from shared.contracts.parties import CONTACTS, Party
from shared.domain.errors import NotAllowedNow
from shared.kernel import clock, ids
from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM
from shared.messaging import copies
from shared.messaging.ports import Heard
from shared.reference.zones import WIB
from shared.storage import connection
from shared.storage.transaction import transactional
from tests.support.office import PROVIDER
from tests.support.visitor import Visitor


def test_letters_are_decided_on_and_never_told(site):
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
    staff.send(f"{path}/resending", shown=path, status=422)
    staff.send(f"{path}/resending", shown=path, reason="not-arrived")
    assert "The recipient says that it did not arrive." in staff.read(path)
    assert "Ready to be sent" in staff.read(path)
    Visitor(app, "provider", institution=ids.new()).read(path, 404)


def test_letters_are_found_by_name_day_and_state_and_several_are_released(site):
    app = site(NOTIFICATIONS)
    written = [_held(name, email) for name, email in (("CV Melati", "m@example.org"), ("PT Kenanga", "k@example.org"))]
    staff, auditor = Visitor(app, "provider", institution=PROVIDER), Visitor(app, "auditor")
    listed = staff.read("/letters?state=held")
    for shown in ("Held, news is old", "2 letters", "CV Melati", "PT Kenanga", "m•••@example.org", "k•••@example.org"):
        assert shown in listed
    assert "m@example.org" not in staff.client.get("/letters").text
    today = clock.now().astimezone(ZoneInfo(WIB)).date()
    assert "CV Melati" in staff.read(f"/letters?written_from={today}&written_until={today}")
    assert "CV Melati" not in staff.read(f"/letters?written_from={today + timedelta(days=1)}")
    assert "CV Melati" not in staff.read(f"/letters?written_until={today - timedelta(days=1)}")
    staff.read("/letters?written_from=yesterday", 400)
    found = staff.send("/letters", shown="/letters", status=200, name="melati")
    assert "CV Melati" in found
    assert "PT Kenanga" not in found
    others = Visitor(app, "provider", institution=ids.new())
    assert "CV Melati" not in others.client.get("/letters").text
    assert "Release several" not in auditor.read("/letters?state=held")
    staff.send("/letters/releases", shown="/letters?state=held", letter_ids=[str(letter.id) for letter in written])
    assert {Letter.get(letter.id).state for letter in written} == {"queued"}
    again = _held("PT Mawar", "w@example.org")
    with pytest.raises(NotAllowedNow), acting_as(SYSTEM):
        commands.release_letters([again.id, written[0].id])
    assert Letter.get(again.id).state == "held", "all of them or none"


def test_what_a_letter_said_is_shown_to_who_decides_about_it_in_a_frame_where_nothing_runs(site):
    app = site(NOTIFICATIONS)
    letter = _held("CV Melati", "m@example.org")
    path = f"/letters/{letter.id}/content"
    staff, auditor = Visitor(app, "provider", institution=PROVIDER), Visitor(app, "auditor")
    staff.read(path, 404)
    said = Content(
        [("To", "CV Melati <m@example.org>"), ("Subject", "Invoice 7")],
        "Dear CV Melati",
        "<p>Dear <b>all</b><script>x()</script></p>",
    )
    with acting_as(SYSTEM):
        commands.release_letter(letter.id)
        claimed = store({letter.id: ids.new()}, [], []).claimed[letter.id]
        store({}, [claimed], [])
        store({}, [], [Settled(letter.id, claimed.claim_id, Outcome("sent"), said, clock.now())])
    assert "What the letter said" in staff.read(f"/letters/{letter.id}")
    assert "What the letter said" not in auditor.read(f"/letters/{letter.id}")
    page = staff.client.get(path).text
    assert '<iframe class="mail" sandbox=""' in page
    for shown in ("m@example.org", "Invoice 7", "Dear CV Melati"):
        assert shown in page
    assert "<script>x()" not in page
    mail = staff.client.get(f"{path}/mail")
    assert "<b>all</b>" in mail.text
    assert mail.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none';")
    assert (mail.headers.getlist("X-Frame-Options"), mail.headers["Cache-Control"]) == (["SAMEORIGIN"], "no-store")
    for nobody in (auditor, Visitor(app, "finance", institution=PROVIDER)):
        nobody.read(path, 403)
    Visitor(app, "provider", institution=ids.new()).read(path, 404)
    noted = [(row["action"], row["outcome"]) for row in connection.database()["access_log"].find({"object": letter.id})]
    assert {("letter_content", "allowed"), ("letter_mail", "allowed"), ("letter_content", "forbidden")} <= set(noted)


def test_every_state_of_a_letter_is_told_with_its_reason(site):
    app = site(NOTIFICATIONS)
    letter = _held("CV Melati", "m@example.org")
    with acting_as(SYSTEM):
        commands.release_letter(letter.id)
        claimed = store({letter.id: ids.new()}, [], []).claimed[letter.id]
        store({}, [], [Settled(letter.id, claimed.claim_id, Outcome("deferred", "smtp-451"))])
    steps = [(step.state, step.reason) for step in Letter.get(letter.id).steps]
    assert steps == [("held", None), ("queued", None), ("sending", None), ("queued", "smtp-451")]
    told = Visitor(app, "auditor").read(f"/letters/{letter.id}")
    assert "Being sent" in told
    assert "The mail server answered with code 451." in told


def _held(name, email):
    recipient = ids.new()
    party = Party(
        party_id=recipient, version=1, kind="enterprise", name=name, roles=("billing",), email=email, language="en"
    )
    transactional(lambda: copies.keep("notifications.addresses", party, Heard(CONTACTS.of("enrollment"))))()
    about = {"number": "2026/000001/00042", "module": "M1", "total": 1, "tax": 0,
             "issued_on": "2026-01-01", "due_on": "2026-02-01"}  # fmt: skip
    return commands.write_letter(
        template="invoice_issued", cause_id=ids.new(), cause_at=clock.now() - timedelta(hours=72),
        recipient_id=recipient, institution_id=PROVIDER, about=about,
    )  # fmt: skip
