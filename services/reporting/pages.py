"""Reporting for people: the results on one page, and the targets behind them. The same commands as the API."""

from __future__ import annotations

from typing import Any

from services.reporting import commands, queries
from services.reporting.indicators import HEADLINES
from services.reporting.opening_balances import opening_balances
from services.reporting.presenting import lines_of
from services.reporting.schemas import FigureRow, SetTarget
from services.reporting.settings import reporting_settings
from services.reporting.target import READERS, Target
from services.reporting.words import name_of, reason_text, reasons
from shared.runtime.context import current_principal
from shared.web.csv_export import csv_response
from shared.web.pages import Pages, ResponseReturnValue, gettext_noop, page, redirect_to, seen

PAGES = Pages("reporting")


@PAGES.get("/results", permits=READERS, title=gettext_noop("Results"), nav=True)
def results() -> ResponseReturnValue:
    found = queries.results()
    return page(
        "results.html",
        as_of=found.as_of,
        results=found,
        headlines=[found[code] for code in HEADLINES],
        others=[found["T7"], found["completed"], found["graduated"]],
        balances=opening_balances(),
        name_of=name_of,
        smallest=reporting_settings().smallest_cell,
    )


@PAGES.get("/results.csv", permits=READERS)
def download_results() -> ResponseReturnValue:
    row = FigureRow()
    return csv_response("results", row, iter([row.dump(line) for line in lines_of(queries.results())]))


@PAGES.get("/targets", permits=READERS, title=gettext_noop("Targets"), nav=True)
def targets() -> ResponseReturnValue:
    return page("targets.html", targets=Target.objects.order_by("position"))


@PAGES.get("/targets/<string:code>", permits=READERS)
def target(code: str) -> ResponseReturnValue:
    shown = Target.coded(code)
    return page(
        "target.html",
        heading=shown.code,
        target=shown,
        reason_text=reason_text,
        reasons=reasons(),
        may_set=current_principal().role == "programme" and shown.number is not None,
    )


@PAGES.post("/targets/<string:code>", permits=("programme",), body=SetTarget)
def set_target(code: str, body: dict[str, Any]) -> ResponseReturnValue:
    seen(Target.coded(code))
    commands.set_target(code, **body)
    return redirect_to("target", code=code, said=gettext_noop("The target is set."))
