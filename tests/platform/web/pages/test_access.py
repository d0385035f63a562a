"""Who gets to see a page, and what everybody else is told."""

from __future__ import annotations

import pytest
from flask import Flask

from shared.access.permissions import PUBLIC, Undeclared
from shared.web.pages.declare import Pages
from shared.web.pages.installation import install
from tests.support.demo.service import SERVICE


def test_somebody_unknown_is_led_to_the_sign_in_page_and_back(client):
    answer = client.get("/enterprises?province=ID-BA")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/signin?next=/enterprises?province%3DID-BA"


def test_a_partial_request_of_somebody_unknown_leads_the_whole_page_to_the_sign_in(client):
    answer = client.get("/enterprises", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"].startswith("/signin?next=")


def test_a_form_of_somebody_unknown_leads_back_to_the_page_that_holds_it(client):
    answer = client.post("/enterprises/4/withdrawal", data={"reason": "x"})
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/signin?next=/enterprises/4&ended=1"


def test_a_role_that_is_not_permitted_gets_a_calm_page(staff):
    answer = staff.get("/sponsors-only")
    assert answer.status_code == 403
    assert "Halaman ini bukan untuk peran Anda" in answer.text
    assert "/sponsors-only" not in staff.get("/enterprises").text, "the navigation shows only what may be seen"


@pytest.mark.parametrize("bad", ["x.y.z", "", "eyJhbGciOiJub25lIn0.e30."])
def test_a_token_that_does_not_count_is_nobody(client, bad):
    client.set_cookie("score_token", bad, domain="localhost")
    assert client.get("/enterprises").status_code == 303


def test_an_expired_token_is_nobody_and_the_sign_in_page_says_so(client, token):
    client.set_cookie("score_token", token("sari", hours=-1), domain="localhost")
    assert client.get("/enterprises").status_code == 303
    assert "Sesi Anda telah berakhir" in client.get("/signin").text


def test_the_cookie_opens_pages_and_never_the_api(staff):
    assert staff.get("/enterprises").status_code == 200
    assert staff.get("/v1/anything").mimetype == "application/problem+json"


def test_an_unknown_address_is_a_page_for_browsers_and_a_problem_for_systems(client):
    page = client.get("/nothing", headers={"Accept": "text/html,*/*;q=0.8"})
    assert page.status_code == 404
    assert page.mimetype == "text/html"
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    assert client.get("/nothing", headers={"Accept": "application/json"}).mimetype == "application/problem+json"


def test_an_unknown_thing_is_a_page_in_words(staff):
    answer = staff.get("/enterprises/77")
    assert answer.status_code == 404
    assert "Tidak ada apa pun di sini" in answer.text


def test_our_own_error_shows_nothing_of_the_inside(client):
    answer = client.get("/broken?lang=en")
    assert answer.status_code == 500
    assert "Something went wrong on our side" in answer.text
    assert "secret inside" not in answer.text
    assert answer.headers["X-Request-ID"] in answer.text


def test_every_page_carries_its_security_headers(staff):
    headers = staff.get("/enterprises").headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "object-src 'none'" in policy
    assert "base-uri 'none'" in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"


def _show() -> str:
    return ""


def test_a_page_without_a_permission_cannot_be_declared():
    pages = Pages("demo")
    with pytest.raises(TypeError):
        pages.get("/x")  # type: ignore[call-arg]
    with pytest.raises(Undeclared):
        pages.get("/x", permits=("nobody-such",))(_show)
    with pytest.raises(Undeclared):
        pages.get("/x", permits=())(_show)


def test_a_form_that_no_page_holds_stops_the_start():
    pages = Pages("demo")
    pages.post("/x", permits=PUBLIC)(_show)
    with pytest.raises(Undeclared, match="no page"):
        install(Flask("demo"), SERVICE, pages)


def test_a_form_for_more_roles_than_its_page_stops_the_start():
    pages = Pages("demo")
    pages.get("/x", permits=("programme",))(_show)
    pages.post("/x", permits=("programme", "provider"))(lambda: "")
    with pytest.raises(Undeclared, match="permits roles"):
        install(Flask("demo"), SERVICE, pages)
