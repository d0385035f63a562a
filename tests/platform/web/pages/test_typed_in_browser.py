"""What was typed is never lost: not when a session ends, not after a refusal of the whole form; and nobody else sees it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from shared.web.pages.forms.double_submit import ONCE_FIELD
from tests.support.demo.pages import REGISTERED
from tests.support.waiting import until

pytestmark = pytest.mark.browser
FORM = "/enterprises/new"
KEPT = "Object.keys(sessionStorage).filter(key => key.startsWith('score-typed:')).length"
TYPED = {
    "name": "UD Sumber Rejeki", "email": "sumber@example.org", "headcount.women": "12", "headcount.men": "8",
    "price": "1500000", "days.0": "2026-08-03", "note": "dua\nbaris",
}  # fmt: skip


@pytest.fixture
def filled(visit):
    """A function that opens the form and fills in all of it."""

    def fill(person="sari", path=FORM):
        REGISTERED.clear()
        page = visit(path, person=person)
        for name, value in TYPED.items():
            page.fill(f"[name='{name}']", value)
        page.select_option("[name=province]", "ID-BA")
        page.uncheck("[name=modules][value=M1]")
        page.check("[name=modules][value=M3]")
        page.check("[name=delivery][value=indirect]")
        page.check("[name=consent][type=checkbox]")
        return page

    return fill


def sign_out_elsewhere(page):
    page.context.clear_cookies(name="score_token")


def send(page):
    page.click("main form[data-keep] button[type=submit]")


def expect_all_that_was_typed(page):
    for name, value in TYPED.items():
        expect(page.locator(f"[name='{name}']")).to_have_value(value)
    expect(page.locator("[name=province]")).to_have_value("ID-BA")
    assert page.eval_on_selector_all("[name=modules]:checked", "boxes => boxes.map(box => box.value)") == ["M3"]
    assert page.is_checked("[name=delivery][value=indirect]")
    assert page.is_checked("[name=consent][type=checkbox]")


def test_a_session_that_ends_leads_back_to_the_filled_form(filled, address):
    page = filled(path=f"{FORM}?from=list")
    mark = page.input_value(f"main form[data-keep] [name={ONCE_FIELD}]")
    sign_out_elsewhere(page)
    send(page)
    page.click("button[value=sari]")
    page.wait_for_url(f"{address}{FORM}?from=list")
    expect_all_that_was_typed(page)
    assert page.input_value(f"main form[data-keep] [name={ONCE_FIELD}]") == mark, "sent again, it is the same press"
    expect(page.locator("main .notice")).to_contain_text("Isian Anda")
    send(page)
    page.wait_for_url(f"{address}/enterprises")
    assert [row["name"] for row in REGISTERED] == ["UD Sumber Rejeki"]
    assert page.evaluate(KEPT) == 0
    page.goto(address + FORM)
    expect(page.locator("[name=name]")).to_have_value("")
    assert page.errors == []


def test_somebody_else_finds_nothing_of_it(filled, address):
    page = filled()
    sign_out_elsewhere(page)
    send(page)
    page.click("button[value=budi]")
    page.wait_for_url(address + FORM)
    expect(page.locator("[name=name]")).to_have_value("")
    assert page.evaluate(KEPT) == 0


def test_signing_out_leaves_nothing(filled, address):
    page = filled()
    assert page.evaluate(KEPT) == 1
    page.click("form[data-signs-out] button")
    page.wait_for_url(f"{address}/signin")
    assert page.evaluate(KEPT) == 0


def test_a_form_of_an_earlier_session_comes_back_filled(filled, address, token):
    page = filled()
    page.context.add_cookies([{"name": "score_token", "value": token("sari", 1), "url": address}])
    send(page)
    expect(page.locator("main .notice")).to_contain_text("Isian Anda")
    expect_all_that_was_typed(page)
    assert not REGISTERED
    send(page)
    page.wait_for_url(f"{address}/enterprises")


def test_too_large_a_form_comes_back_filled(filled, address, app):
    app.config["MAX_CONTENT_LENGTH"] = 300
    page = filled()
    send(page)
    expect(page.locator("h1")).to_have_text("Ukurannya terlalu besar")
    page.click("main a >> text=Kembali ke formulir")
    page.wait_for_url(address + FORM)
    expect_all_that_was_typed(page)


def test_a_form_that_was_left_and_a_form_that_was_emptied(filled, address):
    page = filled()
    page.goto(f"{address}/enterprises")
    page.goto(address + FORM)
    expect_all_that_was_typed(page)
    page.click("text=Kosongkan formulir")
    expect(page.locator("[name=name]")).to_have_value("")
    assert page.evaluate(KEPT) == 0
    page.fill("[name=name]", "Lain")
    page.click("main form >> text=Batal")
    page.wait_for_url(f"{address}/enterprises")
    assert page.evaluate(KEPT) == 0


def test_a_refused_form_is_drawn_by_the_service(filled):
    page = filled()
    page.fill("[name=email]", "nonsense")
    send(page)
    expect(page.locator(".summary")).to_be_visible()
    expect(page.locator("[name=email]")).to_have_value("nonsense")
    assert page.evaluate(KEPT) == 0


PHOTO = """async side => {
  const canvas = Object.assign(document.createElement('canvas'), {width: side, height: side / 2});
  const paper = canvas.getContext('2d'), dots = paper.createImageData(side, side / 2);
  for (let i = 0; i < dots.data.length; i++) dots.data[i] = 200;
  for (let i = 3; i < dots.data.length; i += 4) dots.data[i] = 255;
  paper.putImageData(dots, 0, 0);
  const file = new File([await new Promise(done => canvas.toBlob(done, 'image/png'))], 'foto.png', {type: 'image/png'});
  const padded = new File([file, new Uint8Array(500000)], 'foto.png', {type: 'image/png'});
  const chosen = new DataTransfer(), box = document.querySelector('[type=file]');
  chosen.items.add(padded);
  box.files = chosen.files;
  box.dispatchEvent(new Event('change'));
}"""
CHOSEN = "[...document.querySelector('[type=file]').files].map(file => [file.name, file.type, file.size])[0]"


def test_a_photo_is_made_small_and_what_stays_too_large_is_told_before_it_is_sent(visit):
    page = visit(f"{FORM}?photo=1")
    expect(page.locator(".field:has([type=file]) .hint")).to_have_text("Paling besar 0,2 MB.")
    page.evaluate(PHOTO, 3000)
    until(lambda: (page.evaluate(CHOSEN) or [""])[0] == "foto.jpg", "the photo is made small")
    _, kind, size = page.evaluate(CHOSEN)
    assert kind == "image/jpeg"
    assert size < 200_000
    width = "createImageBitmap(document.querySelector('[type=file]').files[0]).then(picture => picture.width)"
    assert page.evaluate(width) == 2000
    page.set_input_files("[type=file]", {"name": "surat.pdf", "mimeType": "application/pdf", "buffer": b"%" * 200_001})
    expect(page.locator("[role=alert].complaint")).to_have_text(
        "Berkas ini lebih besar dari 0,2 MB. Pilih yang lebih kecil."
    )
    assert page.evaluate(CHOSEN) is None
    page.set_input_files("[type=file]", {"name": "surat.pdf", "mimeType": "application/pdf", "buffer": b"%" * 200_000})
    expect(page.locator("[role=alert].complaint")).to_have_count(0)
    assert page.errors == []


HELD = """() => {
  const real = window.createImageBitmap;
  const asked = new Promise(done => { window.makeSmall = done; });
  window.createImageBitmap = async file => { await asked; return real(file); };
  window.addEventListener('pagehide', () => sessionStorage.setItem('sent', document.querySelector('[type=file]').files[0].name));
}"""


def test_a_form_waits_until_a_photo_is_small_and_is_sent_once(filled, address):
    page, sent = filled(path=f"{FORM}?photo=1"), []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.evaluate(HELD)
    page.evaluate(PHOTO, 3000)
    send(page)
    assert page.evaluate("typeof window.makeSmall") == "function", "it is still the page with the form"
    assert sent == []
    page.evaluate("window.makeSmall()")
    page.wait_for_url(f"{address}/enterprises")
    assert page.evaluate("sessionStorage.getItem('sent')") == "foto.jpg"
    assert [row["name"] for row in REGISTERED] == ["UD Sumber Rejeki"]
    assert len(sent) == 1


def test_without_scripts_a_session_that_ends_leads_back_to_the_filled_form(visit, address):
    REGISTERED.clear()
    page = visit(FORM, java_script_enabled=False)
    for name, value in TYPED.items():
        page.fill(f"[name='{name}']", value)
    page.select_option("[name=province]", "ID-BA")
    page.uncheck("[name=modules][value=M1]")
    page.check("[name=modules][value=M3]")
    page.check("[name=delivery][value=indirect]")
    page.check("[name=consent][type=checkbox]")
    sign_out_elsewhere(page)
    send(page)
    page.click("button[value=sari]")
    page.click("main button[type=submit]")
    assert not REGISTERED
    for name, value in TYPED.items():
        expect(page.locator(f"[name='{name}']")).to_have_value(value)
    expect(page.locator("[name=modules]:checked")).to_have_value("M3")
    send(page)
    page.wait_for_url(f"{address}/enterprises")
    assert len(REGISTERED) == 1
