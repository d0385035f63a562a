"""Whether another provider has an enterprise is told so often a day, whichever way is asked, and by no rehearsal."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask.testing import FlaskClient

from services.enrollment.duplicates.model import Comparisons
from services.enrollment.institutions import commands as institutions_commands
from services.enrollment.settings import enrollment_settings
from shared.kernel.principal import Principal
from shared.kernel.settings.current import settings
from shared.storage import connection
from tests.support import factories
from tests.support.declared_operations import app_of
from tests.support.enterprise_bodies import body
from tests.support.factories import ALPHA, BETA
from tests.support.import_sheets import counts, upload, worked
from tests.support.office import SIGN_UP
from tests.support.tokens import Tokens
from tests.support.visitor import Visitor

NPWP = "3319010101800001"
TAKEN = {
    "nib": {"nib": "9120001234567"},
    "npwp": {"legal_form": "perorangan", "npwp": NPWP},
    "name": {"name": "Kayu Tjontoh Moerni"},
    "phone": {"name": "Kayu Contoh Lain", "place": "Jepara", "contact": {"name": "Dewi", "phone": "+628123456789"}},
}
FREE = {
    "nib": {"nib": "9120007654321"},
    "npwp": {"legal_form": "perorangan", "npwp": "3319010101809999"},
    "name": {"name": "Garam Laut Madura"},
    "phone": {"name": "Garam Laut Jepara", "place": "Jepara", "contact": {"name": "Dewi", "phone": "+628129999999"}},
}
Guess = Callable[[dict[str, Any]], Any]


def guessed(number: int, **known: Any) -> dict[str, Any]:
    """A sign-up with a name of its own, but for what is known of another's."""
    names = ("Melati", "Bambu Ukir", "Logam Gresik", "Tenun Ikat", "Roti Manis", "Sepatu Kulit", "Rotan Cirebon")
    return {**body(name=f"{names[number % 7]} {number}", place=f"Kota {number}", contact={"name": "Wulan"}), **known}


@pytest.fixture
def others(staff: Principal) -> None:
    """Another provider's enterprises, that a guess may meet."""
    factories.enterprise(
        BETA, "Kayu Contoh Murni", nib="9120001234567", place="Kudus",
        contact={"name": "Ratna", "phone": "+628123456789"},
    )  # fmt: skip
    factories.enterprise(BETA, "Anyaman Ratna", legal_form="perorangan", npwp=NPWP, place="Demak")


@pytest.fixture
def caller(others: None) -> FlaskClient:
    return app_of("enrollment").test_client()


@pytest.fixture
def provider(tokens: Tokens) -> dict[str, str]:
    return {**tokens.headers("provider", institution=ALPHA), "Accept-Language": "en"}


@pytest.fixture
def choose(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    def go(**variables: str) -> None:
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        enrollment_settings.cache_clear()
        settings.cache_clear()

    yield go
    monkeypatch.undo()
    enrollment_settings.cache_clear()
    settings.cache_clear()


def row(sent: dict[str, Any]) -> dict[str, str]:
    """A body as a row of a sheet."""
    flat = {}
    for name, value in sent.items():
        flat |= (
            {f"{name}.{key}": str(inner) for key, inner in value.items()} if isinstance(value, dict) else {name: value}
        )
    columns = ("nib", "npwp", "contact.phone")
    return {**dict.fromkeys(columns, ""), **flat}


@pytest.mark.parametrize("kind", TAKEN)
def test_a_rehearsal_says_nothing_of_what_others_have(caller: FlaskClient, provider: dict[str, str], kind: str) -> None:
    told = []
    for known in (TAKEN, FREE):
        rows = [row(guessed(1)), row(guessed(2, **known[kind]))]
        shown = worked(caller, provider, upload(caller, provider, rows, "enterprises", dry_run=True))
        told.append((counts(shown), shown["errors"], shown["error_count"]))
    assert told[0] == told[1] == (("done", 2, 2, 0, 0), [], 0)
    assert connection.database()["comparisons"].count_documents({}) == 0


def test_a_rehearsal_says_what_its_sender_has_and_the_programme_sees_all(
    caller: FlaskClient, provider: dict[str, str], tokens: Tokens
) -> None:
    factories.enterprise(ALPHA, "Tenun Rahma", nib="9120001111111")
    rows = [row(guessed(1, nib="9120001111111"))]
    shown = worked(caller, provider, upload(caller, provider, rows, "enterprises", dry_run=True))
    assert [error["code"] for error in shown["errors"]] == ["possible-duplicate"]
    rows = [row(guessed(1, provider_id=str(ALPHA), **TAKEN["nib"]))]
    programme = tokens.headers("programme")
    shown = worked(caller, programme, upload(caller, programme, rows, "enterprises", dry_run=True))
    assert [error["code"] for error in shown["errors"]] == ["possible-duplicate"]


def by_api(caller: FlaskClient, provider: dict[str, str]) -> Guess:
    return lambda sent: caller.post("/v1/enterprises", json=sent, headers=provider)


def by_correction(caller: FlaskClient, provider: dict[str, str]) -> Guess:
    own = factories.enterprise(ALPHA, "Tenun Rahma", legal_form="perorangan").id

    def correct(sent: dict[str, Any]) -> Any:
        told = {name: sent[name] for name in ("name", "nib", "npwp", "place", "contact") if name in sent}
        return caller.patch(f"/v1/enterprises/{own}", json=told, headers={**provider, "If-Match": "*"})

    return correct


@pytest.mark.parametrize("way", [by_api, by_correction])
@pytest.mark.parametrize("kind", TAKEN)
def test_so_many_are_told_and_then_what_is_free_is_refused_alike(
    caller: FlaskClient, provider: dict[str, str], choose: Callable[..., None], way: Any, kind: str
) -> None:
    choose(SCORE_FOREIGN_DUPLICATES="2")
    guess = way(caller, provider)
    for number in range(2):
        answer = guess(guessed(number, **TAKEN[kind]))
        assert (answer.status_code, answer.json["candidates"], answer.json["others"]) == (409, [], 1)
    after = [guess(guessed(number, **known[kind])) for number, known in enumerate((TAKEN, FREE, TAKEN), start=2)]
    assert [answer.status_code for answer in after] == [429] * 3
    assert all(0 < int(answer.headers["Retry-After"]) <= 86_400 for answer in after)
    said = [{name: answer.json[name] for name in ("type", "title", "detail", "status")} for answer in after]
    assert said[0] == said[1] == said[2]
    assert "tomorrow" in said[0]["detail"]
    choose(SCORE_CLOCK_OFFSET="86400")
    assert guess(guessed(9, **FREE[kind])).status_code in (200, 201)


def test_an_import_tells_no_more_and_goes_on_the_next_day(
    caller: FlaskClient, provider: dict[str, str], choose: Callable[..., None]
) -> None:
    choose(SCORE_FOREIGN_DUPLICATES="1")
    rows = [row(guessed(number, **known)) for number, known in enumerate([{}, TAKEN["nib"], TAKEN["npwp"], {}])]
    shown = worked(caller, provider, upload(caller, provider, rows, "enterprises"))
    assert counts(shown) == ("done", 4, 1, 0, 3)
    assert [(error["row"], error["code"]) for error in shown["errors"]] == [
        (3, "possible-duplicate"), (4, "too-many-requests"), (5, "too-many-requests"),
    ]  # fmt: skip
    assert "tomorrow" in shown["errors"][2]["detail"]
    choose(SCORE_CLOCK_OFFSET="86400")
    again = worked(caller, provider, upload(caller, provider, [rows[0], rows[3]], "enterprises"))
    assert counts(again) == ("done", 2, 1, 1, 0)


def test_at_once_no_more_are_told(caller: FlaskClient, provider: dict[str, str], choose: Callable[..., None]) -> None:
    choose(SCORE_FOREIGN_DUPLICATES="2")

    def guess(number: int) -> int:
        sent = guessed(number, **TAKEN["nib"])
        answer = app_of("enrollment").test_client().post("/v1/enterprises", json=sent, headers=provider)
        return answer.status_code

    with ThreadPoolExecutor(6) as pool:
        statuses = list(pool.map(guess, range(6)))
    assert statuses.count(409) <= 2, statuses
    assert set(statuses) <= {409, 429, 503}, statuses
    assert [row.told for row in Comparisons.objects] == [statuses.count(409)]


@pytest.mark.parametrize("way", [by_api, by_correction])
def test_guesses_that_meet_nothing_are_counted_too(
    caller: FlaskClient, provider: dict[str, str], choose: Callable[..., None], way: Any
) -> None:
    guess = way(caller, provider)
    signed_up = connection.database()["enterprises"].count_documents({"provider_id": ALPHA})
    choose(SCORE_COMPARED_SIGN_UPS=str(signed_up + 3))
    statuses = [guess(guessed(number, nib=f"91200000000{number:02}")).status_code for number in range(5)]
    assert [status < 300 for status in statuses] == [True] * 3 + [False] * 2
    assert statuses[3:] == [429, 429]


def test_a_nib_that_is_taken_is_refused_and_counted_with_every_gate(
    caller: FlaskClient, provider: dict[str, str], choose: Callable[..., None]
) -> None:
    for told, gate in enumerate(("off", "warn", "on"), start=1):
        choose(SCORE_GATE_DUPLICATE=gate)
        answer = caller.post("/v1/enterprises", json=guessed(told, **TAKEN["nib"]), headers=provider)
        assert (answer.status_code, answer.json["type"]) == (409, "/problems/possible-duplicate")
        assert [row.told for row in Comparisons.objects] == [told]


def test_the_programme_sees_who_wanted_what_and_is_not_counted(
    caller: FlaskClient, provider: dict[str, str], tokens: Tokens, choose: Callable[..., None]
) -> None:
    choose(SCORE_FOREIGN_DUPLICATES="1", SCORE_COMPARED_SIGN_UPS="2")
    programme = tokens.headers("programme")
    for number in range(3):
        sent = guessed(number, provider_id=str(ALPHA), **TAKEN["nib"])
        refused = caller.post("/v1/enterprises", json=sent, headers=programme)
        assert (refused.status_code, refused.json["others"]) == (409, 0)
    caller.post("/v1/enterprises", json=guessed(3, **TAKEN["nib"]), headers=provider)
    (seen,) = caller.get("/v1/comparisons", headers=programme).json["items"]
    assert (seen["institution_id"], seen["compared"], seen["told"]) == (str(ALPHA), 1, 1)
    (meant,) = seen["enterprise_ids"]
    assert caller.get(f"/v1/enterprises/{meant}", headers=programme).json["nib"] == "9120001234567"
    assert caller.get("/v1/comparisons", headers=provider).status_code == 403


def test_pages_tell_no_more_either(office: Any, choose: Callable[..., None]) -> None:
    choose(SCORE_FOREIGN_DUPLICATES="1")
    office.sign_up(nib="1234567890123")
    other = institutions_commands.register_institution(kind="private_provider", name="Lain Contoh", province="ID-JT").id
    stranger = Visitor(office.app, "provider", institution=other)
    asked = {**SIGN_UP, "nib": "1234567890123"}
    assert "1 that you cannot see" in stranger.send("/enterprises/new", status=409, **asked)
    free = {**SIGN_UP, "name": "Garam Laut Madura", "nib": "1234567890999"}
    for form in (asked, free):
        assert "as often as a day allows" in stranger.send("/enterprises/new", status=429, **form)
    assert "Lain Contoh" in office.programme.read("/comparisons")
