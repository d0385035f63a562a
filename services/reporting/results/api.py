"""Results over HTTP: the programme's figures against its targets."""

from __future__ import annotations

from typing import Any

from services.reporting.results import queries
from services.reporting.results.presentation import document_of, lines_of
from services.reporting.results.schemas import FigureRow, ResultsView
from services.reporting.roles import READERS
from shared.web.api.routes import Routes
from shared.web.lists.listing import ListQuery

results = Routes("results", description="Results of the programme against its targets")


@results.get("/v1/results", permits=READERS, returns=ResultsView)
def show_results() -> dict[str, Any]:
    return document_of(queries.results())


@results.list("/v1/results/figures", permits=READERS, returns=FigureRow, filters=("code", "dimension"))
def list_figures(query: ListQuery) -> list[dict[str, Any]]:
    lines = lines_of(queries.results())
    return [line for line in lines if all(line[name] == value for name, value in query.filters.items())]
