"""What callers and visitors read: lines for spreadsheets, words for every code, how current it is."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from services.reporting.freshness.queries import lag_seconds
from services.reporting.results.figures import Results, Terms, figures_of
from services.reporting.results.labels import name_of
from services.reporting.results.presentation import document_of, lines_of
from services.reporting.results.schemas import FigureRow, ResultsView
from shared.i18n.extraction import untranslated
from shared.kernel import clock
from shared.reference.provinces import PROVINCE_CODES as CODES
from shared.reference.provinces import PROVINCES
from tests.support import golden_programme as told
from tests.support.catalogues import catalogues_of

SERVICE = Path(__file__).parents[4] / "services" / "reporting"


def results(smallest: int | None) -> Results:
    terms = Terms(today=told.TODAY, since=told.DAY, smallest=smallest, amounts=True)
    return Results(told.START, 0, figures_of(told.rows(*told.PROGRAMME), {}, terms))


def test_a_line_per_figure_and_per_cell():
    dumped = [FigureRow().dump(line) for line in lines_of(results(None))]
    values = {(line["code"], line["category"]): line["value"] for line in dumped}
    assert values["T5", None] == values["T5", "ID-JT"] == 5
    assert isinstance(values["T5", None], int)
    assert values["T10", None] == 90.6
    assert values["T9", "female"] + values["T9", "male"] == values["T9", None]
    assert all(line["as_of"] == "2026-09-01T00:00:00.000Z" and line["lag_seconds"] == 0 for line in dumped)


def test_what_is_held_back_is_one_line_without_its_parts():
    lines = [line for line in lines_of(results(5)) if line["code"] == "T8" and line["dimension"] == "sex"]
    assert [(line["category"], line["value"]) for line in lines] == [("withheld", 8)]


def test_opening_balances_stand_beside_the_figures():
    document = ResultsView().dump(document_of(results(None)))
    assert {balance["code"] for balance in document["opening_balances"]}.isdisjoint(
        figure["code"] for figure in document["figures"]
    )
    smes = next(balance for balance in document["opening_balances"] if balance["code"] == "smes_trained")
    assert (smes["comparator"], smes["value"]) == ("more_than", 261)
    assert next(figure for figure in document["figures"] if figure["code"] == "T5")["result"] == 5


def test_a_figure_says_in_both_languages_what_it_is_and_how_it_is_counted():
    with catalogues_of("reporting").in_use():
        figures = {figure["code"]: figure for figure in ResultsView().dump(document_of(results(None)))["figures"]}
    assert figures["graduated"]["names"] == {"id": "UKM yang lulus", "en": "SMEs that graduated"}
    assert figures["T8"]["counted"] == {
        "id": "Pelatih yang terdaftar pada Fase III, masing-masing satu kali.",
        "en": "Trainers registered in Phase III, each once.",
    }
    assert figures["T5"]["names"] == {"id": "T5", "en": "T5"}, "no target names it"
    assert figures["T5"]["words"] is None


def test_figures_are_current_while_the_last_look_was_just_now():
    assert lag_seconds(None, 15) is None
    assert lag_seconds(clock.now() - timedelta(seconds=5), 15) == 0
    assert lag_seconds(clock.now() - timedelta(seconds=90), 15) in (90, 91)


def test_every_province_has_a_name_and_every_string_its_translation():
    assert set(PROVINCES) == set(CODES)
    assert name_of("ID-JT") == "Jawa Tengah"
    assert name_of("unknown") != "unknown"
    assert untranslated(SERVICE, "id") == []
