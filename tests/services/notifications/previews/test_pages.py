"""The programme sees every kind of letter as its reader does; nothing in it runs or fetches anything."""

from __future__ import annotations

from services.notifications.letters.kinds import KINDS
from services.notifications.service import SERVICE
from tests.support.office import PROVIDER
from tests.support.visitor import Visitor


def test_the_programme_sees_every_kind_and_nobody_else_does(site):
    app = site(SERVICE)
    maya = Visitor(app, "programme")
    listed = maya.client.get("/letters/kinds?lang=en").text
    for template, kind in KINDS.items():
        assert kind.label in listed
        for audience in kind.audiences:
            assert f"/letters/kinds/{template}/{audience}" in listed
    shown = maya.client.get("/letters/kinds/training_invitation/enterprise?lang=en").text
    assert "Undangan pelatihan" in shown
    assert "Invitation to the training" in shown
    assert shown.count("<iframe") == shown.count("sandbox") == 2
    Visitor(app, "provider", institution=PROVIDER).read("/letters/kinds", 403)


def test_the_html_is_shown_in_a_frame_in_which_nothing_runs(site):
    maya = Visitor(site(SERVICE), "programme")
    answer = maya.client.get("/letters/kinds/invoice_issued/payer/id")
    policy = answer.headers["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    assert "script-src" not in policy
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "Yth. Sekar Wulandari" in answer.text


def test_a_kind_or_an_audience_that_there_is_not_is_not_found(site):
    maya = Visitor(site(SERVICE), "programme")
    for path in ("no_such/enterprise", "invoice_issued/trainer", "invoice_issued/payer/fr"):
        maya.read(f"/letters/kinds/{path}", 404)
