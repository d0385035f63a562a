"""Forms: the schema of the API, numbers as people write them, refusals beside the field, and no form of somebody else."""

from __future__ import annotations

import re
from datetime import date

import pytest
from werkzeug.datastructures import MultiDict

from shared.web.pages.forms.submitted_form import SubmittedForm
from tests.support.demo.pages import REGISTERED, Register

GOOD = {
    "name": "UD Sumber <b>Rejeki</b>", "email": "sumber@example.org", "province": "ID-BA",
    "headcount.women": "1.200", "headcount.men": "8", "price": "Rp1.500.000",
    "days.0": "2026-08-03", "days.1": "", "days.2": "2026-08-04", "modules": ["M1", "M3"], "delivery": "direct",
    "consent": ["false", "true"], "note": "satu\r\ndua",
}  # fmt: skip


@pytest.fixture
def send(staff):
    def post(changes=None, path="/enterprises/new", **options):
        page = staff.get(path if path == "/enterprises/new" else "/enterprises/4").text
        token = re.search(r'name="_csrf" value="([0-9a-f]{64})"', page)[1]
        return staff.post(path, data={**GOOD, "_csrf": token, **(changes or {})}, **options)

    REGISTERED.clear()
    return post


def field(html, box):
    return re.search(rf'<div class="field[^"]*">(?:(?!<div class="field).)*id="{box}".*?</div>', html, re.DOTALL)[0]


def test_a_form_is_the_body_of_the_api(send, staff):
    answer = send()
    assert answer.status_code == 303, answer.text
    assert [*REGISTERED] == [
        {
            "name": "UD Sumber <b>Rejeki</b>", "email": "sumber@example.org", "province": "ID-BA",
            "headcount": {"women": 1200, "men": 8}, "price": 1_500_000, "days": [date(2026, 8, 3), date(2026, 8, 4)],
            "modules": ["M1", "M3"], "delivery": "direct", "consent": True, "note": "satu\ndua",
        }
    ]  # fmt: skip
    page = staff.get("/enterprises").text
    assert "UD Sumber &lt;b&gt;Rejeki&lt;/b&gt; sudah terdaftar." in page
    assert "sudah terdaftar" not in staff.get("/enterprises").text, "said once"


def test_a_refused_form_comes_back_with_what_was_typed_and_what_is_wrong(send):
    answer = send({"email": "nonsense", "headcount.women": "banyak", "price": "", "days.1": "2026-13-01", "days.2": ""})
    assert answer.status_code == 422
    assert not REGISTERED
    html = answer.text
    assert "<title>Belum tersimpan" in html
    assert 'value="banyak"' in field(html, "headcount-women")
    for box in ("email", "headcount-women", "price", "days-1"):
        assert f'<a href="#{box}">' in html, f"the summary leads to {box}"
    told = re.findall(r'<li><a href="#([^"]+)">', html)
    assert told == sorted(told, key=lambda box: html.index(f'id="{box}"')), "in the order of the form"
    assert 'aria-describedby="email-error"' in html
    assert "&lt;b&gt;Rejeki" in field(html, "name")
    assert "field_error" not in field(html, "name")
    assert "Wajib diisi." in field(html, "price")


def test_a_fault_in_a_later_row_finds_its_box(send, app):
    with app.test_request_context():
        form = SubmittedForm("/x", MultiDict([("days.0", ""), ("days.1", "2026-08-03"), ("days.4", "never")]))
        form._nested(Register(), "")
        assert form.name_of("/days/1") == "days.4"


def test_a_conflict_is_said_in_the_visitors_language(send):
    assert "Usaha ini sudah terdaftar." in send({"name": "UD Roti Harum"}).text
    english = send(
        {"name": "UD Roti Harum", "price": "1,500,000", "headcount.women": "1,200"}, query_string={"lang": "en"}
    )
    assert english.status_code == 409
    assert "This enterprise is registered already." in english.text


@pytest.mark.parametrize("text", ["1e999999999", "Infinity", "NaN", "9" * 5000, "1.2.3", "１２", "-5", "0x10"])
def test_no_number_breaks_the_form(send, text):
    assert send({"headcount.women": text}).status_code == 422


def test_an_unknown_field_is_refused(send):
    answer = send({"state": "certified"})
    assert answer.status_code == 422
    assert not REGISTERED


@pytest.mark.parametrize(
    "name", ["$gt", "headcount.$gt", "name\0", "headcount.women.$gt", "days.x.y", "days.999999999999999999999"]
)
def test_strange_names_do_no_harm(send, name):
    assert send({name: "1"}).status_code in (303, 422)


@pytest.mark.parametrize("guess", [None, "", "0" * 64, "é"])
def test_a_form_of_another_site_is_refused(staff, guess):
    REGISTERED.clear()
    sent = GOOD if guess is None else {**GOOD, "_csrf": guess}
    answer = staff.post("/enterprises/new", data=sent)
    assert answer.status_code == 403
    assert "Formulir ini tidak berlaku lagi" in answer.text
    assert not REGISTERED


def test_a_csrf_token_of_another_session_is_refused(staff, token):
    taken = re.search(r'name="_csrf" value="([0-9a-f]{64})"', staff.get("/enterprises/new").text)[1]
    staff.set_cookie("score_token", token("budi"), domain="localhost")
    assert staff.post("/enterprises/new", data={**GOOD, "_csrf": taken}).status_code == 403


def test_a_confirmation_that_was_refused_comes_back_open(send):
    answer = send({"reason": ""}, path="/enterprises/4/withdrawal")
    assert answer.status_code == 422
    assert '<details class="confirmation" open>' in answer.text
    answer = send({"reason": "tutup"}, path="/enterprises/4/withdrawal")
    assert answer.status_code == 409
    assert "Layanan lain belum melaporkan" in answer.text


def test_a_forged_notice_is_not_shown(staff):
    staff.set_cookie("score_said", "W1wicGhpc2hpbmdcIiwge31d.forged", domain="localhost")
    assert "phishing" not in staff.get("/enterprises").text


def test_a_box_without_a_label_is_called_as_its_field(staff):
    page = staff.get("/enterprises/new").text
    assert '<label for="email">Email' in page
    assert '<label for="email">E-mail' in staff.get("/enterprises/new?lang=en").text
