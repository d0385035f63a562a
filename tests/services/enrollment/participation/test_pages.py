"""From sign-up to enrolment and out, on the pages; a plan keeps the order in which its modules are chosen."""

from __future__ import annotations

import io
import re
from uuid import UUID

from werkzeug.datastructures import FileStorage

from services.enrollment.enterprises.model import Enterprise
from services.enrollment.participation import commands as participation_commands
from tests.support.office import LETTER, TODAY, key_of
from tests.support.visitor import Visitor


def test_an_enterprise_goes_from_sign_up_to_enrolment_and_out(office):
    place = office.sign_up()
    assert "To be screened" in office.staff.read(place)
    reader = Visitor(office.app, "auditor").read(place)
    assert "visits the site" in reader
    assert "Save the screening" not in reader
    office.staff.send(f"{place}/screening", shown=place, screened_on=str(TODAY), reasons=["unsafe_site"])
    assert "The site is not safe to visit" in office.staff.read(place)
    assert "Let it take part" not in office.staff.read(place)
    office.programme.send(f"{place}/screening/override", shown=place, reason="pilot")
    assert "May take part" in office.staff.read(place)
    signed = {"signed_on": str(TODAY), "plan": ["M1", "M2"], "enterprise_share_percent": "50"}
    refused = office.staff.send(f"{place}/commitment", shown=place, status=422, **signed)
    assert "Upload the signed commitment letter first." in refused
    bad = FileStorage(io.BytesIO(b"no letter"), "letter.pdf")
    assert "JPEG or PNG" in office.staff.send(f"{place}/commitment", shown=place, status=422, **signed, letter_id=bad)
    office.staff.send(
        f"{place}/commitment", shown=place, **signed, letter_id=FileStorage(io.BytesIO(LETTER), "letter.pdf")
    )
    assert office.staff.client.get(f"{place}/commitment/letter").data == LETTER
    office.staff.send(f"{place}/enrolment", shown=place, enrolled_on=str(TODAY))
    assert "Takes part" in office.staff.read(place)
    assert "CV Contoh Jaya" in office.staff.read("/enterprises?state=enrolled")
    assert "CV Contoh Jaya" not in office.staff.read("/enterprises?state=registered")
    office.staff.send(f"{place}/withdrawal", shown=place, reason="moved")
    assert "It moved away" in office.staff.read(place)


def test_a_plan_keeps_the_order_in_which_its_modules_are_chosen(office):
    place = office.sign_up()
    participation_commands.screen_enterprise(UUID(key_of(place)), screened_on=TODAY, reasons=[])
    assert re.search(r'name="plan.0"[^>]*>(?:(?!</select>).)*value="M1" selected', form_of(office, place), re.DOTALL)
    signed = {"signed_on": str(TODAY), "plan.1": "M5", "plan.3": "M2"}
    first = {**signed, "plan.0": "M4"}
    wrong = office.staff.send(f"{place}/commitment", shown=place, status=422, **first, letter_id=letter())
    assert "A plan begins with M1. Put M1 first." in wrong.replace("&#39;", "'")
    office.staff.send(f"{place}/commitment", shown=place, **signed, **{"plan.0": "M1"}, letter_id=letter())
    assert [planned.module for planned in Enterprise.get(UUID(key_of(place))).plan] == ["M1", "M5", "M2"]


def form_of(office, place):
    return office.staff.client.get(place).text


def letter():
    return FileStorage(io.BytesIO(LETTER), "letter.pdf")
