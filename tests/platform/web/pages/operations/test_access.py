"""Who sees the operations page of a service, and who may act on it."""

from __future__ import annotations

import re

import pytest

from shared.access.permissions import ROLES
from shared.kernel import ids
from shared.kernel.service import declared
from shared.storage import connection
from shared.web.pages.operations.pages import OPERATIONS
from tests.support.applications import app_for
from tests.support.operated_toy import accesses, parked_history, reasons
from tests.support.visitor import Visitor

READERS = {"programme", "auditor"}

CLAIMS = {
    "provider": {"institution": ids.new()}, "trainer": {"trainer": ids.new()},
    "enterprise": {"enterprise": ids.new()}, "sponsor": {"sponsor": ids.new()},
}  # fmt: skip


@pytest.mark.parametrize("service", declared(), ids=lambda service: service.name)
def test_every_service_has_the_page_without_code_of_its_own(embedded, store, service):
    store(service)
    app = app_for(service)
    for role, language, title in (("programme", "id", "Operasional"), ("auditor", "en", "Operations")):
        words = Visitor(app, role, language).read("/operations")
        assert title in words
        assert service.event_topic in words


def test_only_the_programme_and_its_auditors_see_it_and_only_the_programme_acts(app):
    key, (first, *_) = parked_history()
    for role in sorted(ROLES):
        somebody, reads = Visitor(app, role, **CLAIMS.get(role, {})), role in READERS
        for page in ("/operations", "/operations/story", first, *([] if reads else ["/operations/topics"])):
            somebody.read(page, 200 if reads else 403)
        somebody.read("/operations/again", 200 if role == "programme" else 403)
        front = somebody.client.get("/systems").text
        assert ('href="/operations"' in front) == reads, role
        if role != "programme":
            token = re.search(r'name="_csrf" value="([^"]+)"', front)[1]
            for form in ("/operations/again", f"{first}/retry", f"{first}/discard"):
                sent = {"_csrf": token, "reason": "rehearsal", "what": "facts", "key": str(key)}
                assert somebody.client.post(form, data=sent).status_code == 403, role
            assert 'method="post" action="/operations' not in somebody.client.get(first).text
    refused = {(action, role) for action, role, _, outcome in accesses() if outcome == "forbidden"}
    assert ("operations_discard", "auditor") in refused
    assert not any(action in ("retry_parked", "discard_parked", "send_again") for action, *_ in accesses())
    assert connection.database()["parked"].find_one({"key": key, "sequence": 2})["tries"] == 1


def test_every_page_and_form_names_its_roles():
    for declared_page in OPERATIONS:
        assert set(declared_page.permits) <= READERS
        if declared_page.method == "POST":
            assert set(declared_page.permits) == {"programme"}


def test_somebody_unknown_signs_in_first_and_a_form_without_its_token_does_nothing(app, staff):
    key, (first, *_) = parked_history()
    assert app.test_client().get("/operations").status_code == 303
    assert app.test_client().post(f"{first}/discard", data={"reason": "x"}).status_code == 303
    refused = staff.client.post(f"{first}/discard", data={"reason": "rehearsal"})
    assert refused.status_code == 403
    assert reasons(key)[2] == "failed"
