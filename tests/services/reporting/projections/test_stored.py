"""Figures of the golden programme, told in any order through the real delivery, and read over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from services.reporting.projections import handlers
from services.reporting.projections.enterprise_result import EnterpriseResult
from services.reporting.results.figures import figures_of
from services.reporting.results.queries import results, terms_for
from services.reporting.settings import reporting_settings
from services.reporting.targets.model import Target
from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM, Principal
from shared.messaging.ports import Incoming
from tests.support.arrival_order import Shuffle
from tests.support.factories import STAFF
from tests.support.fixture_types import Enter
from tests.support.golden_programme import PROGRAMME, enterprise, rows
from tests.support.monitor import MONITOR
from tests.support.records import Group, key_of_record, records_of
from tests.support.tokens import Tokens

Client = Callable[[str], FlaskClient]


@pytest.fixture
def system(enter: Enter) -> Iterator[Principal]:
    enter("reporting")
    with acting_as(SYSTEM):
        yield SYSTEM


def figures() -> dict[str, Any]:
    with acting_as(STAFF):
        return {figure.code: (figure.result, figure.breakdowns) for figure in results().figures}


def counted(seed: int) -> dict[str, Any]:
    told = Shuffle(seed)(records_of(PROGRAMME), key_of_record)
    group = handlers.results
    Group(group).take([*told, *told[::3]])
    return figures()


def test_a_batch_reads_the_rows_of_its_events_together(system: Principal) -> None:
    group = handlers.results
    taking = Group(group)

    def reads(told: list[Incoming]) -> int:
        MONITOR.watch()
        assert set(taking.take(told, batch=len(told))) == {"applied"}
        MONITOR.finish()
        return MONITOR.reads

    few = reads(records_of([enterprise(number) for number in range(100, 105)]))
    many = reads(records_of([enterprise(number) for number in range(200, 240)], start=100))
    assert many == few
    assert EnterpriseResult.objects.count() == 45


@pytest.mark.parametrize("seed", [1, 2])
def test_the_order_of_arrival_changes_no_figure(system: Principal, seed: int) -> None:
    targets = {target.code: target for target in Target.objects}
    terms = terms_for(STAFF, smallest=reporting_settings().smallest_cell)
    intended = {
        figure.code: (figure.result, figure.breakdowns) for figure in figures_of(rows(*PROGRAMME), targets, terms)
    }
    assert counted(seed) == intended
    assert intended["T5"][0] > 0


def test_the_page_of_results_says_the_same_to_everybody_and_details_to_few(
    client: Client, tokens: Tokens, system: Principal
) -> None:
    caller, told = client("reporting"), counted(3)
    for role in ("programme", "donor", "ministry", "partner", "sponsor"):
        answer = caller.get("/v1/results", headers=tokens.headers(role)).json
        said = {figure["code"]: figure["result"] for figure in answer["figures"]}
        assert said == {code: None if result is None else float(result) for code, (result, _) in told.items()}
        amounts = next(figure["amounts"] for figure in answer["figures"] if figure["code"] == "T10")
        assert (amounts is None) == (role not in ("programme", "donor"))
