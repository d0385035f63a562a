"""Every list of every service over HTTP as CSV and as a workbook, and what a long one costs."""

from __future__ import annotations

import gc
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from services.enrollment.institutions.model import Institution
from shared.kernel import ids
from shared.kernel.context import acting_as
from shared.storage import connection
from shared.tabular.media_types import XLSX
from shared.web.lists.plain_rows import PlainRow
from tests.support import factories
from tests.support.declared_operations import SERVICES, of_service, role_for
from tests.support.factories import ALPHA, STAFF
from tests.support.tokens import Tokens

Client = Callable[[str], FlaskClient]


@pytest.mark.parametrize("name", SERVICES)
def test_every_list_is_a_spreadsheet_too(name: str, client: Client, tokens: Tokens) -> None:
    caller = client(name)
    for route in of_service(name, reads=True):
        if route.listing is None:
            continue
        headers = tokens.headers(role_for(route))
        for form, media_type in (("csv", "text/csv"), ("xlsx", XLSX)):
            answer = caller.get(f"{route.rule}?format={form}", headers=headers)
            assert (answer.status_code, answer.mimetype) == (200, media_type), f"{route.operation}: {answer.text}"
            assert answer.headers["Content-Disposition"].endswith(f'.{form}"'), route.operation


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_a_long_export_holds_a_few_rows_at_a_time(
    client: Client, tokens: Tokens, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    """Nothing of a row stays when the next one is written: counted while the last one is."""
    caller = client("enrollment")
    with acting_as(STAFF):
        factories.institution(ALPHA)
        one = Institution.get(ALPHA).to_mongo()
    connection.database()["institutions"].insert_many({**one, "_id": ids.new()} for _ in range(400))
    held: list[int] = []
    reading = PlainRow.__init__

    def counted(self: PlainRow, *arguments: Any) -> None:
        reading(self, *arguments)
        if len(held) % 100 == 0:
            held.append(sum(type(thing) in {PlainRow, Institution} for thing in gc.get_objects()))
        else:
            held.append(0)

    monkeypatch.setattr(PlainRow, "__init__", counted)
    answer = caller.get(f"/v1/institutions?format={form}", headers=tokens.headers("programme"))
    assert answer.status_code == 200
    assert len(answer.data) > 400 * 10
    assert len(held) >= 400
    assert max(held) < 20
