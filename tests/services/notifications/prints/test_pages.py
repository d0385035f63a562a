"""Who has no e-mail gets a letter on paper, which carries no link by which somebody else could act."""

from __future__ import annotations

from urllib.parse import unquote

import pytest

from services.notifications.letters import commands
from services.notifications.letters.kinds import KINDS
from services.notifications.service import SERVICE as NOTIFICATIONS
from shared.kernel import clock, ids
from shared.storage import connection
from tests.support import factories
from tests.support.office import PROVIDER
from tests.support.visitor import Visitor


def written(template="invoice_issued", *, email=None, name="CV Tanpa Surel", known=True, **more):
    recipient = ids.new()
    if known:
        factories.party(recipient, name=name, email=email)
    return commands.write_letter(
        template=template, cause_id=ids.new(), cause_at=clock.now(), recipient_id=recipient, institution_id=PROVIDER,
        about={**KINDS[template].sample, **more}, optional=KINDS[template].optional,
    )  # fmt: skip


@pytest.fixture
def app(site):
    return site(NOTIFICATIONS)


@pytest.fixture
def staff(app):
    return Visitor(app, "provider", institution=PROVIDER)


def test_a_letter_to_nobody_s_mailbox_is_offered_on_paper(app, staff):
    letter = written()
    path = f"/letters/{letter.id}/print"
    assert letter.state == "unreachable"
    assert f'href="{path}"' in staff.client.get("/letters").text
    assert "Print the letter" in staff.read(f"/letters/{letter.id}")
    page = staff.client.get(path).text
    for words in ("CV Tanpa Surel", "Rp5.550.000", "12 Maret 2027", "Lihat tagihan", "/my-invoices/", "<svg"):
        assert words in page
    shared = unquote(page.partition("https://wa.me/?text=")[2].partition('"')[0])
    assert "Rp5.550.000" in shared
    assert "/my-invoices/" in shared
    looks = connection.database()["access_log"].count_documents({"object": letter.id, "action": "printed_letter"})
    assert looks == 1, "each look is recorded"
    for other in (Visitor(app, "provider", institution=ids.new()), Visitor(app, "provider", institution=ids.new())):
        other.read(path, 404)
    Visitor(app, "auditor").read(path, 403)
    assert "Print the letter" not in Visitor(app, "auditor").read("/letters")


def test_what_lacks_an_address_and_is_no_work_is_not_forgotten(staff):
    letter = written("visit_scheduled", to="enterprise")
    assert (letter.state, letter.reason) == ("suppressed", "no-address")
    assert f"/letters/{letter.id}/print" in staff.client.get("/letters").text
    staff.read(f"/letters/{letter.id}/print")


def test_paper_lets_nobody_act_as_somebody_else(staff):
    for template, kind in KINDS.items():
        letter = written(template)
        path = f"/letters/{letter.id}/print"
        if kind.topic == "evaluations":
            staff.read(path, 404)
            continue
        page = staff.client.get(path)
        assert page.status_code == 200, template
        for purpose in ("/evaluations/", "/my-data/", "/unsubscriptions/"):
            assert purpose not in page.text, template


def test_what_does_not_hold_and_whom_nobody_knows_is_not_printed(staff):
    unwanted, unknown = written(), written(known=False)
    commands.forget_recipient(unwanted.recipient_id)
    for letter in (unwanted, unknown):
        staff.read(f"/letters/{letter.id}/print", 404)
