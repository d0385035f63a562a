"""The results on one page."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from services.reporting.opening_balances.model import opening_balances
from services.reporting.results import queries
from services.reporting.results.indicators import HEADLINES
from services.reporting.results.labels import name_of
from services.reporting.results.presentation import lines_of
from services.reporting.results.schemas import NamedFigureRow
from services.reporting.roles import READERS
from services.reporting.settings import reporting_settings
from shared.i18n.language import localized
from shared.kernel.message import gettext_noop
from shared.web.lists.listing import dumped
from shared.web.pages.declare import Pages
from shared.web.pages.list_files import file_for_people
from shared.web.pages.rendering import render

PAGES = Pages("reporting")


@PAGES.get("/results", permits=READERS, title=gettext_noop("Results"), nav=("results", 1))
def results() -> ResponseReturnValue:
    figures = queries.results()
    return render(
        "results.html",
        as_of=figures.as_of,
        results=figures,
        headlines=[figures[code] for code in HEADLINES],
        others=[figures["T7"], figures["completed"], figures["graduated"]],
        balances=opening_balances(),
        name_of=name_of,
        smallest=reporting_settings().smallest_cell,
    )


@PAGES.get("/results.csv", permits=READERS)
def download_results() -> ResponseReturnValue:
    figures = queries.results()
    names = {figure.code: localized(figure.names) for figure in figures.figures}
    row = NamedFigureRow()
    return file_for_people(
        "results", row, dumped([{**line, "name": names[line["code"]]} for line in lines_of(figures)], row), "csv"
    )
