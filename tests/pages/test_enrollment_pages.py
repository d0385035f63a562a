"""Enrollment's forms, from sign-up to an erased person, as the people of a provider and of the programme fill them in."""

from __future__ import annotations

import io
import re
from datetime import timedelta
from uuid import UUID

import pytest
from werkzeug.datastructures import FileStorage

from services.enrollment.imports import jobs
from services.enrollment.institutions import commands as institutions_commands
from services.enrollment.journeys import commands as journeys_commands
from services.enrollment.people import commands as people_commands
from services.enrollment.service import SERVICE
from services.enrollment.trainers import commands as trainers_commands
from services.enrollment.trainings import commands as trainings_commands
from services.enrollment.trainings.model import Training
from shared.runtime import clock, ids
from shared.storage import connection
from tests.pages.enrolling import enrolled
from tests.pages.visitor import Visitor

TODAY = clock.today("Asia/Jakarta")
LETTER = b"%PDF-1.4\n% A signed letter; invented.\n" + b"%" * 2_000_000  # larger than a form without a file
SIGN_UP = {
    "name": "Contoh Jaya", "legal_form": "CV", "province": "ID-JT", "place": "Jepara", "sector": "metal",
    "headcount.women": "20", "headcount.men": "20", "delivery_mode": "direct", "contact.name": "Aminah",
    "contact.language": "id",
}  # fmt: skip
TWO = {"seats.managers.women": "1", "seats.managers.men": "0", "seats.workers.women": "1", "seats.workers.men": "0"}


class Office:
    """A provider's staff in front of enrollment's pages, and the programme's."""

    def __init__(self, app):
        self.app = app
        self.provider = institutions_commands.register_institution(
            kind="private_provider", name="Semut Contoh", province="ID-JT"
        ).id
        self.staff = Visitor(app, "provider", institution=self.provider)
        self.programme = Visitor(app, "programme")

    def sign_up(self, name="Contoh Jaya", **changes):
        return self.staff.send("/enterprises/new", **{**SIGN_UP, "name": name, **changes})

    def planned(self, days=(TODAY,), capacity=20):
        trainer = ids.new()
        trainers_commands.keep_entitlement(
            qualification_id=ids.derived("qualification", trainer, "M1"), trainer_id=trainer, module="M1",
            valid_from=TODAY - timedelta(30), valid_to=TODAY + timedelta(30), ended_on=None,
        )  # fmt: skip
        training = trainings_commands.schedule_training(
            module="M1", days=list(days), lead_trainer_id=trainer, provider_id=self.provider, zone="Asia/Jakarta",
            delivery_mode="direct", capacity=capacity,
        )  # fmt: skip
        return f"/trainings/{training.id}"


@pytest.fixture
def office(site):
    return Office(site(SERVICE))


def key_of(place):
    return place.rpartition("/")[2]


def enrolled_place(office, name="Contoh Jaya", **changes):
    place = office.sign_up(name, **changes)
    enrolled(key_of(place))
    return place


def test_a_probable_duplicate_is_shown_and_confirmed(office):
    first = office.sign_up()
    shown = office.staff.send("/enterprises/new", status=409, **SIGN_UP)
    assert "Probably registered already" in shown
    assert f'href="{first}"' in shown
    assert "It is probably registered already." in shown
    assert "others" not in shown, "the interface's own words stay there"
    assert "a like name in the same place" in shown
    assert 'value="Contoh Jaya"' in shown, "what was typed is kept"
    place = office.staff.send("/enterprises/new", **SIGN_UP, confirm_distinct="namesake")
    assert place != first


def test_a_duplicate_of_another_provider_is_counted_and_never_named(office):
    first = office.sign_up(nib="1234567890123")
    other = institutions_commands.register_institution(kind="private_provider", name="Lain Contoh", province="ID-JT").id
    stranger = Visitor(office.app, "provider", institution=other)
    shown = stranger.send("/enterprises/new", status=409, **SIGN_UP, nib="1234567890123")
    assert "1 that you cannot see" in shown
    assert key_of(first) not in shown
    insisted = stranger.send("/enterprises/new", status=409, **SIGN_UP, nib="1234567890123", confirm_distinct="branch")
    assert "The confirmation does not help" in insisted


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
    assert "a JPEG or a PNG" in office.staff.send(
        f"{place}/commitment", shown=place, status=422, **signed, letter_id=bad
    )
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


def test_a_correction_keeps_what_it_leaves_out(office):
    place = office.sign_up(nib="1234567890123")
    form = office.staff.client.get(f"{place}/correction").text
    assert 'value="1234567890123"' in form
    office.staff.send(f"{place}/correction", **{**SIGN_UP, "place": "Kudus"})
    words = office.staff.read(place)
    assert "Kudus" in words
    assert "1234567890123" in words


def test_the_programme_moves_an_enterprise_to_another_provider(office):
    place = office.sign_up()
    other = institutions_commands.register_institution(kind="private_provider", name="Lain Contoh", province="ID-JT").id
    assert "Another training provider" not in office.staff.read(place)
    office.programme.send(f"{place}/provider", shown=place, provider_id=str(other))
    assert "Lain Contoh" in office.programme.read(place)
    office.staff.read(place, 404)


def test_two_registrations_are_compared_and_merged(office):
    given_up = office.sign_up(nib="1234567890123", **{"contact.email": "aminah@example.org"})
    kept = office.sign_up("Tjontoh Djaja", **{"contact.name": "Wulan"}, confirm_distinct="other")
    merger = f"{given_up}/merger"
    assert "Merge with another registration" in office.programme.read(given_up)
    assert "Merge with another registration" not in office.staff.read(given_up)
    office.staff.read(merger, 403)
    assert "CV Tjontoh Djaja a like name in the same place" in office.programme.read(merger)
    assert "There is no enterprise with this number" in office.programme.read(f"{merger}?kept_id=9999999999999")
    assert "This is the same registration" in office.programme.read(f"{merger}?kept_id=1234567890123")
    compare = f"{merger}?kept_id={key_of(kept)}"
    words = office.programme.read(compare)
    assert "Contact Aminah Wulan" in words
    assert "NIB 1234567890123 –" in words
    confirm = f"{merger}/confirmation"
    refused = office.programme.send(confirm, shown=compare, status=422)
    assert "Side by side" in refused, "what was compared is there again"
    place = office.programme.send(confirm, shown=compare, reason="registered_twice")
    assert place == kept
    assert f"Former numbers {key_of(given_up)}" in office.staff.read(kept)
    assert "NIB 1234567890123" in office.staff.read(kept)
    for page in ("", "/people", "/people/new", "/correction"):
        answer = office.staff.client.get(given_up + page)
        assert (answer.status_code, answer.headers["Location"]) == (303, kept + page)
    Visitor(office.app, "provider", institution=ids.new()).read(given_up, 404)
    assert "Merged into another" in office.staff.read("/enterprises")


def test_who_does_not_fit_waits_and_moves_up(office):
    first = enrolled_place(office)
    second = enrolled_place(office, "Sinar Terang", place="Malang", province="ID-JI")
    training = office.planned(capacity=3)
    for place in (first, second):
        office.staff.send(f"{training}/rosters", shown=training, enterprise_id=key_of(place), **TWO)
    assert "at place 1 of the waiting list" in office.staff.read(training)
    assert "Waiting list" in office.staff.read(training)
    given_up = {"enterprise_id": key_of(first), "reason": "no_time"}
    office.staff.send(f"{training}/rosters/withdrawal", shown=training, **given_up)
    words = office.staff.read(training)
    assert "Waiting list" not in words
    assert "CV Sinar Terang" in words.partition("Give an enterprise")[0]


def test_a_training_is_moved_and_cancelled(office):
    training = office.planned()
    later = TODAY + timedelta(7)
    office.staff.send(
        f"{training}/plan", **{"days.0": str(later), "zone": "Asia/Jakarta", "reason": "venue_unavailable"}
    )
    assert str(later.year) in office.staff.read(training)
    assert "Attendance to be entered" not in office.staff.read(training)
    office.staff.send(f"{training}/cancellation", shown=training, reason="too_few_participants")
    assert "Cancelled: Too few people take part." in office.staff.read(training)


def test_attendance_by_day_fills_the_delivery(office):
    place = enrolled_place(office)
    people = [
        people_commands.register_participant(
            enterprise_id=UUID(key_of(place)),
            name=name,
            sex="female",
            role=role,
            language="id",
            consent={"purposes": ["training"]},
        )
        for name, role in (("Aminah", "manager"), ("Sulastri", "worker"), ("Wati", "worker"))
    ]
    training = office.planned()
    office.staff.send(
        f"{training}/rosters", shown=training, enterprise_id=key_of(place), **{**TWO, "seats.workers.women": "2"}
    )
    names = f"{training}/rosters/{key_of(place)}/names"
    office.staff.send(names, participant_ids=[str(person.id) for person in people])
    day = f"{training}/attendance/{TODAY}"
    assert "Sulastri" in office.staff.read(day)
    office.staff.send(day, participant_ids=[str(person.id) for person in people[:2]])
    assert "managers 1 woman, 0 men; workers 1 woman, 0 men" in office.staff.read(f"{training}/delivery")
    form = office.staff.client.get(f"{training}/delivery").text
    hidden = dict(re.findall(r'name="(attendance\.0\.attended\.[a-z.]+)" value="(\d+)"', form))
    office.staff.send(f"{training}/delivery", **hidden)
    assert "Delivered" in office.staff.read(training)


def test_journeys_are_told_apart_by_state(office):
    place = office.sign_up()
    enterprise = UUID(key_of(place))
    journeys_commands.count_visit(
        enterprise_id=enterprise, module="M1", provider_id=office.provider, visit_id=ids.new(),
        visited_on=TODAY - timedelta(1),
    )  # fmt: skip
    assert told_in_journeys(office) == ["open"]
    journey = ids.derived("journey", enterprise, "M1")
    journeys_commands.lapse_module(journey, today=TODAY, delivery_mode="direct")
    assert told_in_journeys(office) == ["lapsed"]


def told_in_journeys(office):
    return [
        state
        for state in ("open", "lapsed", "completed")
        if "CV Contoh Jaya" in office.staff.read(f"/journeys?state={state}")
    ]


def test_a_trainer_who_is_no_longer_entitled_shows_on_the_overview(office):
    training = office.planned(days=[TODAY + timedelta(7)])
    assert "Trainer not entitled" not in office.staff.read("/overview")
    trainer = Training.get(UUID(key_of(training))).lead_trainer_id
    trainers_commands.keep_entitlement(
        qualification_id=ids.derived("qualification", trainer, "M1"), trainer_id=trainer, module="M1",
        valid_from=TODAY - timedelta(30), valid_to=TODAY + timedelta(30), ended_on=TODAY,
    )  # fmt: skip
    trainings_commands.review_lead(UUID(key_of(training)), today=TODAY)
    assert "Trainer not entitled" in office.staff.read("/overview")
    assert "Trainer not entitled" in office.staff.read(training)


def test_another_file_in_the_same_form_is_another_upload(office):
    heading = office.staff.client.get("/imports/templates/enterprises.csv").data.splitlines()[0]
    html = office.staff.client.get("/imports").text
    hidden = dict(re.findall(r'<input type="hidden" name="(_[^"]+)" value="([^"]*)"', html.partition("<main")[2]))

    def sent(rows):
        file = (io.BytesIO(heading + b"\r\n" + rows), "enterprises.csv")
        return office.staff.client.post("/imports", data={**hidden, "kind": "enterprises", "file": file}).location

    first = sent(b"Contoh\r\n")
    assert sent(b"Contoh\r\n") == first
    assert sent(b"Lain\r\n") != first


def test_contacts_are_forgotten_on_their_pages(office):
    place = office.sign_up(**{"contact.email": "aminah@example.org"})
    office.staff.send(f"{place}/contact/erasure", shown=place)
    words = office.staff.read(place)
    assert "Aminah" not in words
    assert "Forget the contact" not in words
    office.staff.send(f"{place}/correction", **{**SIGN_UP, "contact.name": "Wulan"})
    assert "Wulan" in office.staff.read(place)

    contact = {"name": "Bagus", "roles": ["billing"], "email": "bagus@example.org"}
    institutions_commands.correct_institution(office.provider, contacts=[contact], email="kantor@example.org")
    page = f"/institutions/{office.provider}"
    assert "Bagus Invoices bagus@example.org" in office.staff.read(page)
    assert "Forget" not in Visitor(office.app, "auditor").read(page)
    form = re.search(r'action="([^"]+/contacts/[^"]+/erasure)"', office.staff.client.get(page).text)[1]
    office.staff.send(form, shown=page)
    office.programme.send(f"{page}/address/erasure", shown=page)
    words = office.staff.read(page)
    assert not {"Bagus", "bagus@example.org", "kantor@example.org"} & set(words.split())
    assert "No contacts yet" in words


def test_an_individuals_tax_number_is_shown_on_demand(office):
    place = office.sign_up(legal_form="perorangan", npwp="3319010101800001")
    assert "************0001" in office.staff.read(place)
    assert "3319010101800001" not in office.staff.client.get(f"{place}/correction").text
    assert "Show the whole tax number" not in Visitor(office.app, "auditor").read(place)
    assert "3319010101800001" in office.staff.read(f"{place}/tax-number")
    noted = connection.database()["access_log"].find({"action": "tax_number"})
    assert [(str(row["object"]), row["outcome"]) for row in noted] == [(key_of(place), "allowed")]
    office.staff.send(f"{place}/correction", **{**SIGN_UP, "legal_form": "perorangan"})
    assert "************0001" in office.staff.read(place), "left empty it stays as it is"


def test_an_institution_takes_part_again(office):
    place = f"/institutions/{office.provider}"
    office.programme.send(f"{place}/suspension", shown=place, reason="inactive")
    office.programme.send(f"{place}/restoration", shown=place)
    assert "Active" in office.programme.read(place)


def test_a_persons_data_from_registration_to_erasure(office):
    people = f"{office.sign_up()}/people"
    known = {"name": "Sulastri", "sex": "female", "role": "worker", "language": "id"}
    person = office.staff.send(
        f"{people}/new", **known, email="sulastri@example.org", **{"consent.purposes": "training"}
    )
    twice = office.staff.send(f"{people}/new", status=409, **known)
    assert "This is another person of the same name" in twice
    assert "Sulastri" in office.staff.read(people)
    office.staff.send(f"{person}/consents", shown=person, purposes=["contact"], given_by="person")
    assert "Contact about the training Given" in office.staff.read(person)
    office.staff.send(f"{person}/consents/withdrawal", shown=person, purposes=["contact"])
    assert "Contact about the training Withdrawn" in office.staff.read(person)
    office.staff.send(f"{person}/requests", shown=person, kind="access", channel="letter")
    assert "Access to the record" in office.staff.read("/privacy?state=open")
    record = office.staff.client.get(f"{person}/record")
    assert "sulastri@example.org" in record.text
    answer = re.search(r'action="([^"]+/answer)"', office.staff.client.get(person).text)[1]
    office.staff.send(answer, shown=person)
    assert "Nothing matches the filter" in office.staff.read("/privacy?state=open")
    noted = connection.database()["access_log"].find({"action": "answer_access_request"})
    assert [str(row["object"]) for row in noted] == [key_of(person)], "under the person, not under the request"
    office.staff.send(f"{person}/restriction", shown=person)
    assert "They are only kept" in office.staff.read(person)
    office.staff.send(f"{person}/restriction/lifting", shown=person)
    assert "They are only kept" not in office.staff.read(person)
    office.staff.send(f"{person}/requests", shown=person, kind="erasure", channel="letter")
    refusal = re.search(r'action="([^"]+/refusal)"', office.staff.client.get(person).text)[1]
    office.staff.send(refusal, shown=person, reason="not_the_person")
    assert "Whoever asked is not the person" in office.staff.read(person)
    office.staff.send(f"{person}/erasure", shown=person)
    for page in (person, people, f"{person}/record"):
        assert "Sulastri" not in office.staff.client.get(page).text
    assert "Not reported yet" in office.staff.read(person)
    Visitor(office.app, "provider", institution=ids.new()).read(person, 404)
    Visitor(office.app, "enterprise", enterprise=people.split("/")[2]).read(person, 403)


def test_people_are_found_by_words_of_their_names_and_corrected(office):
    place = office.sign_up()
    enterprise = UUID(key_of(place))
    ratna, ratih = (
        people_commands.register_participant(
            enterprise_id=enterprise, name=name, sex="female", role="worker", language="id", phone="+6281234567890"
        ).id
        for name in ("Ratna Dewi Lestari", "Ratih Lestari")
    )
    found = office.staff.send("/people", status=200, name="lest rat")
    assert ("Ratna Dewi Lestari" in found, "Ratih Lestari" in found, 'value="lest rat"' in found) == (True, True, True)
    found = office.staff.send("/people", shown=f"{place}/people", status=200, name="DEWI")
    assert "Among the people of CV Contoh Jaya" in found
    assert ("Ratna Dewi Lestari" in found, "Ratih Lestari" in found) == (True, False)
    assert "Nobody was found" in office.staff.send("/people", status=200, name="lestari joko")
    assert "Ratih" in office.staff.send("/people", status=200, phone="0812 3456 7890")
    Visitor(office.app, "auditor").read("/people", 403)
    stranger = Visitor(office.app, "provider", institution=ids.new())
    assert "Nobody was found" in stranger.send("/people", status=200, name="Ratna")

    person = f"/people/{ratna}"
    form = {"name": "Ratna Dewi Anggraini", "sex": "female", "role": "manager", "language": "en"}
    office.staff.send(f"{person}/correction", **form, email="ratna@example.org", phone="")
    words = office.staff.read(person)
    for part in ("Ratna Dewi Anggraini", "Manager", "ratna@example.org", "English", "Phone –"):
        assert part in words
    assert "Nobody was found" in office.staff.send("/people", status=200, name="ratna lestari")
    stranger.read(f"{person}/correction", 404)
    assert "/people/" + str(ratih) in office.staff.send("/people", status=200, name="ratih")


def test_the_law_holds_a_persons_data_against_erasure(office):
    place = office.sign_up()
    person = people_commands.register_participant(
        enterprise_id=UUID(key_of(place)), name="Sulastri", sex="female", role="worker", language="id"
    ).id
    page = f"/people/{person}"
    assert "Hold the data" not in office.staff.read(page), "the programme decides it"
    past = office.programme.send(f"{page}/hold", shown=page, status=422, reason="audit", until="2020-01-01")
    assert "This day is over." in past
    office.programme.send(f"{page}/hold", shown=page, reason="audit", until=str(TODAY + timedelta(30)))
    words = office.staff.read(page)
    assert "kept until" in words
    assert "An audit" in words
    assert "The law requires" in office.staff.send(f"{page}/erasure", shown=page, status=409)
    assert "Sulastri" in office.staff.read(page)
    office.programme.send(f"{page}/hold/release", shown=page)
    office.staff.send(f"{page}/erasure", shown=page)
    assert "Sulastri" not in office.staff.read(page)
    assert office.staff.client.get(f"{page}/correction").status_code == 303


def test_the_size_follows_from_sales_which_are_not_kept(office):
    place = office.sign_up(annual_sales="3,000,000,000", size_source="tax_return")
    assert "Size Small" in office.staff.read(place)
    form = office.staff.client.get(f"{place}/correction").text
    assert "3,000,000,000" not in form
    assert "As it is: Small" in form
    sent = {**SIGN_UP, "capital": "20,000,000,000"}
    office.staff.send(f"{place}/correction", **sent)
    assert "Size Large" in office.staff.read(place)
    differs = office.staff.send(f"{place}/correction", status=422, **{**sent, "size_class": "micro"})
    assert "does not follow from the sales" in differs
    office.staff.send(f"{place}/correction", **SIGN_UP, size_source="licence")
    form = office.staff.client.get(f"{place}/correction").text
    assert '<option value="licence" selected>' in form
    assert "As it is: Large" in form


def test_a_file_is_checked_and_its_errors_are_named_by_row_and_column(office):
    template = office.staff.client.get("/imports/templates/enterprises.csv")
    heading = template.data.decode("utf-8-sig").splitlines()[0]
    office.staff.read("/imports/templates/institutions.csv", 404)
    empty = office.staff.send("/imports", status=422, kind="enterprises", dry_run="true")
    assert "File" in empty
    cells = ",".join(["Contoh", *["?"] * heading.count(",")])
    sent = FileStorage(io.BytesIO(f"{heading}\r\n{cells}\r\n".encode()), "enterprises.csv")
    job = office.staff.send("/imports", kind="enterprises", dry_run="true", file=sent)
    words = office.staff.read(job)
    assert "Nothing is registered" in words
    assert "Waits to be read" in words
    jobs.work_imports()
    words = office.staff.read(job)
    assert "Read to the end" in words
    assert "Rows with errors 1" in words
    assert re.search(r"Errors .* 2 ", words)
    assert "Enterprises" in office.staff.read("/imports?state=done")
    assert "No enterprises yet" in office.staff.read("/enterprises")
    Visitor(office.app, "provider", institution=ids.new()).read(job, 404)
