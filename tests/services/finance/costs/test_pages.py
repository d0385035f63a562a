"""The office records a cost, finds it in the list and takes it back."""

from __future__ import annotations

import re

from services.finance.service import SERVICE
from tests.support.factories import days_ago
from tests.support.office import PROVIDER
from tests.support.visitor import Visitor


def test_a_cost_is_recorded_found_and_taken_back(site):
    app = site(SERVICE)
    finance = Visitor(app, "finance", institution=PROVIDER)
    told = {"category": "meals", "incurred_on": days_ago(0)[0].isoformat(), "funded_by": "non_ilo", "module": "M1"}
    assert "No costs yet" in finance.read("/costs")
    refused = finance.send("/costs/new", status=422, amount="0", **told)
    assert "Meals" in refused
    finance.send("/costs/new", amount="350,000", in_kind="true", description="Two lunches", **told)
    listed = finance.client.get("/costs").text
    assert "IDR 350,000" in listed
    page = re.search(r'href="(/costs/[0-9a-f][^"?]+)"', listed)[1]
    assert "Two lunches" in finance.read(page)
    assert "Take the cost back" not in Visitor(app, "auditor").read(page)
    assert finance.send(f"{page}/reversal", shown=page, reason="twice") == page
    assert "It was recorded twice" in finance.read(page)
