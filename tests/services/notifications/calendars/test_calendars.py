"""Whoever has the private address of a calendar reads it, until its holder makes another one or is suspended."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from services.notifications.calendars.commands import make_calendar_address
from services.notifications.calendars.queries import address_of
from services.notifications.links import queries as links_queries
from services.notifications.occasions.handlers import occasions
from services.notifications.recipients.commands import forget_recipient
from services.notifications.recipients.handlers import addresses
from services.notifications.service import SERVICE
from shared.access.suspensions import group_for
from shared.contracts.events.certification import TrainerRegistered
from shared.contracts.events.consulting import VisitCancelled, VisitRescheduled, VisitScheduled
from shared.contracts.events.enrollment import (
    InstitutionRestored,
    InstitutionSuspended,
    TrainingCancelled,
    TrainingRescheduled,
    TrainingScheduled,
)
from shared.contracts.parties import Party
from shared.contracts.reference import Venue
from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM
from shared.kernel.settings.current import settings
from tests.support.browser import scrolls_sideways, served, violations
from tests.support.calendars import Read, read_by_both
from tests.support.factories import ALPHA, BETA, days_ago
from tests.support.histories import changed, one
from tests.support.records import Group, party_records, records_of, reference_records
from tests.support.visitor import Visitor

LEAD, SECOND, OTHER = one("trainer", 1), one("trainer", 2), one("trainer", 3)


@pytest.fixture
def app(site: Any, embedded: pytest.MonkeyPatch, tmp_path: Any) -> Any:
    made = site(SERVICE)
    keys = tmp_path / "link-keys.json"
    with acting_as(SYSTEM):
        keys.write_text(json.dumps({"keys": links_queries.public_keys()}), encoding="utf-8")
    embedded.setenv("SCORE_LINK_KEYS_URL", keys.as_uri())
    settings.cache_clear()
    return made


def training(kind: type[Any], number: int, *days: int, revision: int = 1, **more: Any) -> Any:
    said = {
        "training_id": one("training", number), "module": "M1", "provider_id": ALPHA, "lead_trainer_id": LEAD,
        "co_trainer_ids": (SECOND,), "supervisor_id": None, "zone": "Asia/Makassar", "start_time": "08:30",
        "end_time": "16:00", "days": tuple(days_ago(*days)), "revision": revision, **more,
    }  # fmt: skip
    return changed(kind, **said)


def visit(kind: type[Any], number: int, day: int, **more: Any) -> Any:
    said = {
        "visit_id": one("visit", number),
        "module": "M1",
        "number": number,
        "trainer_id": LEAD,
        "provider_id": ALPHA,
    }
    return changed(kind, **said, planned_on=days_ago(day)[0], **more)


def told() -> None:
    """Three trainings, of which one is moved and given to another second trainer and one cancelled, and two visits."""
    moved = {"previous_days": tuple(days_ago(-3)), "reason": "other"}
    events = [
        training(TrainingScheduled, 1, -10, -11),
        training(TrainingScheduled, 2, -20),
        training(TrainingScheduled, 3, -30, provider_id=BETA, lead_trainer_id=OTHER, co_trainer_ids=()),
        training(TrainingRescheduled, 1, -12, -13, revision=2, co_trainer_ids=(), **moved),
        training(TrainingCancelled, 2, -20, reason="other"),
        training(TrainingScheduled, 4, 400),
        visit(VisitScheduled, 1, -40),
        visit(VisitRescheduled, 1, -41, previous_on=days_ago(-40)[0], reason="trainer_ill"),
        visit(VisitScheduled, 2, -50),
        visit(VisitCancelled, 2, -50, reason="trainer_ill"),
    ]
    Group(occasions).take(records_of(events))
    people = [Party(party_id=LEAD, version=1, kind="person", name="Sekar", email="sekar@example.org"),
              Party(party_id=ALPHA, version=1, kind="institution", name="Mitra Contoh", language="en")]  # fmt: skip
    Group(addresses).take(party_records("enrollment", people))
    place = Venue(training_id=one("training", 1), version=1, name="Aula Contoh")
    Group(addresses).take(reference_records("enrollment", [place], Venue))


def path_for(holder: UUID, role: str) -> str:
    with acting_as(SYSTEM):
        return "/" + address_of(make_calendar_address(holder, role=role)).split("/", 3)[3]


def entries(app: Any, path: str) -> dict[str, Read]:
    answer = app.test_client().get(path)
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")
    return {entry.uid: entry for entry in read_by_both(answer.get_data(as_text=True))[1]}


def test_a_trainer_has_their_trainings_and_visits_as_they_now_are(app: Any) -> None:
    told()
    found = entries(app, path_for(LEAD, "trainer"))
    assert {uid: (entry.sequence, entry.status) for uid, entry in found.items()} == {
        str(one("training", 1)): (2, "CONFIRMED"),
        str(one("training", 2)): (2, "CANCELLED"),
        str(one("visit", 1)): (2, "CONFIRMED"),
        str(one("visit", 2)): (2, "CANCELLED"),
    }
    moved = found[str(one("training", 1))]
    assert (moved.summary, moved.location) == ("M1 (Mitra Contoh)", "Aula Contoh")
    assert len(moved.begins) == 2
    assert moved.lasts == timedelta(hours=7, minutes=30)
    assert entries(app, path_for(SECOND, "trainer")).keys() == {str(one("training", 2))}


def test_a_provider_has_its_trainings_and_nobody_else_s(app: Any) -> None:
    told()
    assert entries(app, path_for(ALPHA, "provider")).keys() == {str(one("training", number)) for number in (1, 2)}
    assert entries(app, path_for(BETA, "provider")).keys() == {str(one("training", 3))}
    assert entries(app, path_for(one("stranger", 1), "trainer")) == {}


def test_a_program_asks_again_for_nothing_while_nothing_changed(app: Any) -> None:
    told()
    path = path_for(LEAD, "trainer")
    first = app.test_client().get(path)
    assert first.headers["Cache-Control"] == "private, no-cache"
    again = app.test_client().get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    Group(occasions).take(records_of([training(TrainingScheduled, 9, -60)], 20_000))
    assert app.test_client().get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200
    assert "RateLimit-Remaining" in first.headers


def test_a_new_address_ends_the_one_before(app: Any) -> None:
    before = path_for(LEAD, "trainer")
    after = path_for(LEAD, "trainer")
    assert before != after
    assert [app.test_client().get(path).status_code for path in (before, after)] == [404, 200]
    assert app.test_client().get(after[:-4] + "AAAA").status_code == 404


def test_a_suspended_institution_s_calendars_end_and_begin_again(app: Any) -> None:
    own = changed(TrainerRegistered, trainer_id=LEAD, institution_id=ALPHA)
    paths = [path_for(LEAD, "trainer"), path_for(ALPHA, "provider"), path_for(BETA, "provider")]
    group = Group(group_for("notifications"))
    suspended = [own, changed(InstitutionSuspended, institution_id=ALPHA, reason="other")]
    group.take(records_of(suspended))
    assert [app.test_client().get(path).status_code for path in paths] == [404, 404, 200]
    restored = [*suspended, changed(InstitutionRestored, institution_id=ALPHA)]
    group.take(records_of(restored))
    assert [app.test_client().get(path).status_code for path in paths] == [200, 200, 200]


def test_whoever_was_erased_has_no_calendar(app: Any) -> None:
    path = path_for(LEAD, "trainer")
    with acting_as(SYSTEM):
        forget_recipient(LEAD)
    assert app.test_client().get(path).status_code == 404


def test_the_page_makes_an_address_that_works_and_shows_the_same_one_again(app: Any) -> None:
    told()
    trainer = Visitor(app, "trainer", trainer=LEAD)
    assert "no address yet" in trainer.read("/my-calendar")
    trainer.send("/my-calendar")
    shown = [re.findall(r"<code>(http[^<]+)</code>", trainer.client.get("/my-calendar").text)[0] for _ in range(2)]
    assert shown[0] == shown[1]
    assert len(entries(app, "/" + shown[0].split("/", 3)[3])) == 4
    assert Visitor(app, "programme").client.get("/my-calendar").status_code == 403


@pytest.mark.browser
def test_the_page_fits_a_phone_and_is_usable_by_all(app: Any, browser: Any) -> None:
    found: dict[str, list[str]] = {}
    trainer = Visitor(app, "trainer", trainer=LEAD)
    token = trainer.client.get_cookie("score_token").value
    trainer.send("/my-calendar")
    with served(app) as base:
        for language in ("id", "en"):
            context = browser.new_context(viewport={"width": 360, "height": 800})
            context.add_cookies([{"name": "score_token", "value": token, "url": base}])
            page = context.new_page()
            page.goto(f"{base}/my-calendar?lang={language}")
            found[language] = [*violations(page), *(["sideways"] if scrolls_sideways(page) else [])]
            context.close()
    assert not any(found.values()), found
