"""What was typed is kept without scripts too when a session ends: carried by the sign-in page, for whoever typed it alone."""

from __future__ import annotations

import re
from html import unescape

import pytest

from shared.web.pages.session.unsent_form import LONGEST
from tests.support.demo.pages import REGISTERED

FORM = "/enterprises/new"
HERE = {"Origin": "http://localhost"}
TYPED = {
    "name": 'UD "Sumber" <b>Rejeki</b>', "email": "sumber@example.org", "province": "ID-BA", "headcount.women": "1.200",
    "headcount.men": "8", "price": "Rp1.500.000", "days.0": "2026-08-03", "modules": ["M1", "M3"], "delivery": "direct",
    "consent": ["false", "true"], "note": "satu\r\ndua",
}  # fmt: skip


def hidden_in(html: str, action: str) -> list[tuple[str, str]]:
    form = next(part for part in html.split("<form")[1:] if f'action="{action}"' in part).partition("</form")[0]
    pairs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    return [(name, unescape(value)) for name, value in pairs]


def as_data(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    return {name: [value for other, value in pairs if other == name] for name, _ in pairs}


@pytest.fixture
def interrupted(staff):
    """A function that sends a form whose session is over, and returns the answer."""

    def send(changes=None, headers=None):
        REGISTERED.clear()
        drawn = as_data(hidden_in(staff.get(f"{FORM}?from=list").text, FORM))
        staff.delete_cookie("score_token", domain="localhost")
        sent = {**drawn, **TYPED, **(changes or {})}
        headers = {"Referer": f"http://localhost{FORM}?from=list", **HERE} if headers is None else headers
        return staff.post(FORM, data=sent, headers=headers)

    return send


def sign_in(client, answer, person="sari"):
    return client.post("/signin/sample", data={**as_data(hidden_in(answer.text, "/signin/sample")), "person": person})


def test_a_form_of_an_ended_session_is_shown_again_after_the_sign_in(interrupted, staff):
    answer = interrupted()
    assert answer.status_code == 401
    assert "Sesi Anda telah berakhir" in answer.text
    assert "<b>Rejeki</b>" not in answer.text
    assert not REGISTERED
    again = sign_in(staff, answer)
    assert again.status_code == 200
    shown = staff.post(f"{FORM}?from=list", data=as_data(hidden_in(again.text, f"{FORM}?from=list")), headers=HERE)
    assert shown.status_code == 200
    assert not REGISTERED, "it is only shown"
    html = shown.text
    assert 'value="UD &#34;Sumber&#34; &lt;b&gt;Rejeki&lt;/b&gt;"' in html
    assert 'value="1.200"' in html
    assert "satu\ndua" in html.replace("\r\n", "\n")
    assert re.search(r'value="M3" checked', html)
    assert not re.search(r'value="M2" checked', html)
    assert "Isian Anda masih ada di sini" in html
    assert staff.post(FORM, data={**as_data(hidden_in(html, FORM)), **TYPED}).status_code == 303
    assert len(REGISTERED) == 1


def test_nobody_else_is_shown_it(interrupted, staff):
    answer = sign_in(staff, interrupted(), person="budi")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{FORM}?from=list")


@pytest.mark.parametrize("headers", [{}, {"Origin": "https://elsewhere.example.org"}, {"Origin": "null"}])
def test_what_another_site_sends_is_not_carried(interrupted, headers):
    answer = interrupted(headers=headers)
    assert answer.status_code == 303
    assert answer.headers["Location"].startswith("/signin?next=")
    assert "ended=1" in answer.headers["Location"]


def test_what_nobody_typed_by_hand_is_not_carried(interrupted):
    assert interrupted({"note": "x" * LONGEST}).status_code == 303


def test_what_was_not_written_by_a_sign_in_page_is_not_taken(interrupted, staff):
    sent = as_data(hidden_in(interrupted().text, "/signin/sample"))
    forged = [text[:-1] + ("0" if text[-1] != "0" else "1") for text in sent["unsent"]]
    answer = staff.post("/signin/sample", data={**sent, "unsent": forged, "person": "sari"})
    assert answer.status_code == 303


def test_a_refused_sign_in_still_carries_it(interrupted, staff):
    sent = as_data(hidden_in(interrupted().text, "/signin"))
    refused = staff.post("/signin", data={**sent, "token": "nonsense"})
    assert refused.status_code == 422
    assert as_data(hidden_in(refused.text, "/signin"))["unsent"] == sent["unsent"]


def test_a_form_that_was_opened_before_the_last_sign_in_is_shown_again_to_whoever_typed_it(staff, token):
    REGISTERED.clear()
    drawn = as_data(hidden_in(staff.get(FORM).text, FORM))
    staff.set_cookie("score_token", token("sari", hours=11), domain="localhost")
    shown = staff.post(FORM, data={**drawn, **TYPED}, headers=HERE)
    assert shown.status_code == 200
    assert "Isian Anda masih ada di sini" in shown.text
    assert not REGISTERED
    assert staff.post(FORM, data={**drawn, **TYPED}).status_code == 403, "another site may have sent it"
    staff.set_cookie("score_token", token("budi"), domain="localhost")
    assert staff.post(FORM, data={**drawn, **TYPED}, headers=HERE).status_code == 403


def test_the_sign_in_page_says_why_one_is_there(client):
    assert "untuk membuka halaman" in client.get("/signin?next=/enterprises").text
    assert "Sesi Anda telah berakhir" in client.get("/signin?next=/enterprises&ended=1").text
    assert "Sesi Anda" not in client.get("/signin").text
