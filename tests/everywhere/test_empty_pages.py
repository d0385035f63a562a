"""Every page of an empty service says what to do, in both languages."""

from __future__ import annotations

import pytest

from shared.kernel.service import declared
from shared.web.pages.declare import Pages
from tests.support.visitor import Visitor


@pytest.mark.parametrize("service", declared(), ids=lambda service: service.name)
def test_every_page_of_an_empty_service_says_what_to_do(site, service):
    app = site(service)
    for shown in Pages.joined(service.pages):
        if shown.method != "GET" or shown.parameters or not shown.title:  # a file has no title
            continue
        for language, role in (("id", "programme"), ("en", "programme"), ("id", "auditor")):
            permitted = shown.permits_role(role)
            words = Visitor(app, role, language).read(shown.path, 200 if permitted else 403)
            assert not permitted or len(words) > 40
