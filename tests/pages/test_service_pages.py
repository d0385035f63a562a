"""The pages of enrollment, finance and notifications with a real store: what people read and do there, role by role."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from services.enrollment.enterprises import commands as enterprises_commands
from services.enrollment.institutions import commands as institutions_commands
from services.enrollment.journeys import commands as journeys_commands
from services.enrollment.service import SERVICE as ENROLLMENT
from services.enrollment.trainers import commands as trainers_commands
from services.enrollment.trainings import commands as trainings_commands
from services.finance.service import SERVICE as FINANCE
from services.notifications.service import SERVICE as NOTIFICATIONS
from shared.contracts.contacts import Party
from shared.messaging import contacts
from shared.runtime import clock, ids
from shared.storage.transaction import transactional
from shared.web.pages.surface import Pages
from tests.pages.enrolling import enrolled
from tests.pages.visitor import Visitor

PROVIDER = "0190b5a2-7c1e-7000-8000-000000000001"
SERVICES = [ENROLLMENT, FINANCE, NOTIFICATIONS]
TODAY = clock.today("Asia/Jakarta")


@pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)
def test_every_page_of_an_empty_service_says_what_to_do(site, service):
    app = site(service)
    for declared in Pages.joined(service.pages):
        if declared.method != "GET" or declared.parameters:
            continue
        for language, role in (("id", "programme"), ("en", "programme"), ("id", "auditor")):
            permitted = declared.permits_role(role)
            words = Visitor(app, role, language).read(declared.path, 200 if permitted else 403)
            assert not permitted or len(words) > 40


def test_from_an_empty_programme_to_a_completed_module(site):
    app = site(ENROLLMENT)
    programme = Visitor(app, "programme")
    assert "Begin with an institution" in programme.read("/overview")
    place = programme.send(
        "/institutions/new", name="Semut Contoh", kind="private_provider", province="ID-JT", language="id"
    )
    institution = place.rpartition("/")[2]
    staff = Visitor(app, "provider", institution=institution)
    assert "Begin with an enterprise" in staff.read("/overview")
    described = {
        "name": "Contoh Jaya", "legal_form": "CV", "province": "ID-JT", "sector": "metal", "headcount.women": "30",
        "headcount.men": "40", "delivery_mode": "direct", "contact.name": "Aminah", "contact.email": "aminah@example.org",
        "contact.language": "id",
    }  # fmt: skip
    refused = staff.send("/enterprises/new", status=422, **{**described, "headcount.women": "many"})
    assert 'value="Contoh Jaya"' in refused
    enterprise = staff.send("/enterprises/new", **described)
    assert "aminah@example.org" in staff.read(enterprise)
    assert "aminah@example.org" not in staff.read("/enterprises")

    assert "No certified trainer is known yet" in staff.read("/trainings/new")
    trainer = ids.new()
    trainers_commands.keep_entitlement(
        qualification_id=ids.derived("qualification", trainer, "M1"), trainer_id=trainer, module="M1",
        valid_from=TODAY - timedelta(30), valid_to=TODAY + timedelta(30), ended_on=None,
    )  # fmt: skip
    assert f"…{trainer.hex[-8:]}: M1 until" in staff.read("/trainings/new")
    training = staff.send(
        "/trainings/new", **{"days.0": str(TODAY), "module": "M1", "lead_trainer_id": str(trainer), "zone": "Asia/Jakarta",
        "delivery_mode": "direct"},
    )  # fmt: skip
    seats = {
        "seats.managers.women": "1",
        "seats.managers.men": "0",
        "seats.workers.women": "1",
        "seats.workers.men": "2",
    }
    key = enterprise.rpartition("/")[2]
    assert "CV Contoh Jaya" not in staff.read(training), "not before it is enrolled"
    enrolled(key)
    staff.send(f"{training}/rosters", shown=training, enterprise_id=key, **seats)
    assert "CV Contoh Jaya" in staff.read(training)
    assert "Attendance to be entered" in staff.read("/overview")

    form = staff.client.get(f"{training}/delivery").text
    boxes = dict(re.findall(r'name="(attendance\.0\.attended\.[a-z.]+)" type="text"[^>]* value="(\d+)"', form))
    assert sorted(boxes.values()) == ["0", "1", "1", "2"], "the boxes hold the seats"
    boxes["attendance.0.attended.workers.men"] = "1"
    staff.send(f"{training}/delivery", **boxes)
    assert "3 visits" in staff.read("/journeys")
    assert "3 visits" in staff.read("/journeys?state=open")
    assert "3 visits" not in staff.read("/journeys?state=completed")
    for number in range(3):
        journeys_commands.count_visit(
            enterprise_id=key, module="M1", provider_id=institution, visit_id=ids.new(), visited_on=TODAY
        )
        journey = f"/journeys/{ids.derived('journey', key, 'M1')}"
        assert staff.read(journey).count("still missing") == 2 - number
    assert "Module completed" in staff.read(journey)

    staff.send(f"{training}/delivery/reversal", shown=training, reason="wrong_attendance")
    assert "the classroom" in staff.read("/journeys")
    assert "Enter the attendance" in staff.read(training)


def test_others_do_not_see_what_is_not_theirs(site):
    app = site(ENROLLMENT)
    provider = institutions_commands.register_institution(
        kind="private_provider", name="Semut Contoh", province="ID-JT"
    )
    both = [enrolled(_enterprise(provider.id, name).id) for name in ("Pertama", "Kedua")]
    trainer = ids.new()
    trainers_commands.keep_entitlement(
        qualification_id=ids.derived("qualification", trainer, "M1"), trainer_id=trainer, module="M1",
        valid_from=date(2020, 1, 1), valid_to=date(2099, 1, 1), ended_on=None,
    )  # fmt: skip
    training = trainings_commands.schedule_training(
        module="M1", days=[TODAY], lead_trainer_id=trainer, provider_id=provider.id, zone="Asia/Jakarta",
        delivery_mode="direct",
    )  # fmt: skip
    one = {"women": 1, "men": 1}
    for enterprise in both:
        trainings_commands.seat_enterprise(
            training.id, enterprise_id=enterprise.id, seats={"managers": one, "workers": one}
        )
    path = f"/trainings/{training.id}"
    owner = Visitor(app, "enterprise", enterprise=both[0].id)
    words = owner.read(path)
    assert "CV Pertama" in words
    assert "CV Kedua" not in words
    assert "Give an enterprise its seats" not in words
    owner.read(f"{path}/delivery", 403)
    owner.read(f"/enterprises/{both[1].id}", 404)
    assert "Enter the attendance" in Visitor(app, "trainer", trainer=trainer).read(path)
    assert "Enter the attendance" not in Visitor(app, "auditor").read(path)
    Visitor(app, "provider", institution=PROVIDER).read(path, 404)
    Visitor(app, "trainer", trainer=ids.new()).read(path, 404)


def test_a_price_lets_waiting_invoices_go_on(site):
    from services.finance.billing import commands as billing
    from services.finance.invoices import commands as invoices

    app = site(FINANCE)
    finance, staff = Visitor(app, "finance"), Visitor(app, "provider", institution=PROVIDER)
    assert "Begin with the prices" in finance.read("/overview")
    training, enterprise = ids.new(), ids.new()
    billing.draft_delivery_invoice(
        enterprise_id=enterprise, module="M2", training_id=training, delivered_on=TODAY, provider_id=PROVIDER
    )
    assert f"M2 for enterprise …{enterprise.hex[-8:]}" in finance.read("/overview")
    link = re.search(r'href="(/prices/new\?[^"]+)"', finance.client.get("/overview").text)[1].replace("&amp;", "&")
    form = finance.client.get(link).text
    assert f'value="{TODAY.isoformat()}"' in form
    assert f'value="{PROVIDER}" selected' in form
    staff.send("/prices/new", module="M2", amount="12,500,000", valid_from=TODAY.isoformat())
    assert "IDR 12,500,000" in staff.read("/prices")
    assert "Your institution" in staff.read("/prices")
    invoices.number_drafts()
    assert "Nothing waits for you" in finance.read("/overview")
    payer = Visitor(app, "enterprise", language="id", enterprise=enterprise)
    invoice = re.search(r'href="(/invoices/[^"]+)"', payer.client.get("/invoices").text)[1]
    assert "Rp12.500.000" in payer.read(invoice)
    payer.read("/overview", 403)
    Visitor(app, "enterprise", enterprise=ids.new()).read(invoice, 404)
    billing.cancel_delivery_invoice(enterprise_id=enterprise, module="M2", training_id=training)
    assert "To be credited" in finance.read("/overview")
    assert "needs a credit note" in finance.read(invoice)


def test_letters_are_decided_on_and_never_told(site):
    from services.notifications.letters import commands
    from services.notifications.sending import commands as sending_commands

    app = site(NOTIFICATIONS)
    recipient = ids.new()
    party = Party(
        party_id=recipient, version=1, kind="enterprise", name="CV Rahasia", roles=("billing",),
        email="rahasia@example.org", language="id",
    )  # fmt: skip
    transactional(lambda: contacts.keep("notifications.addresses", party))()
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
    sending_commands.claim(letter.id)
    sending_commands.settle(letter.id, "doubted", "sender-died")
    assert "gets it twice" in staff.read(path)
    for told in ("/letters", path):
        for secret in ("rahasia", "Rahasia", "00042"):
            assert secret not in staff.client.get(told).text
    staff.send(f"{path}/resending", shown=path)
    assert "Ready to be sent" in staff.read(path)
    Visitor(app, "provider", institution=ids.new()).read(path, 404)


def _enterprise(provider_id, name):
    return enterprises_commands.register_enterprise(
        name=name, legal_form="CV", province="ID-JT", sector="metal", headcount={"women": 20, "men": 20},
        contact={"name": "Aminah", "language": "id"}, provider_id=provider_id, delivery_mode="direct",
    )  # fmt: skip
