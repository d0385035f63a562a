"""An assessment from its start to its completion: each is made once, by whom it was given to, and told without its readings."""

from __future__ import annotations

import pytest

from services.consulting.assessments import commands
from services.consulting.assessments.model import Assessment
from services.consulting.assessments.practices import practices
from services.consulting.readings.model import Reading
from shared.contracts.events.consulting import BaselineAssessed, EndlineAssessed, FollowUpAssessed
from shared.domain.errors import Invalid
from shared.kernel.principal import Principal
from shared.storage import connection
from tests.support import factories
from tests.support.assessments import assessed, completed, measured
from tests.support.factories import ALPHA, BETA, days_ago
from tests.support.fixture_types import Client
from tests.support.records import events_said
from tests.support.tokens import Tokens

URL = "/v1/assessments"


def test_the_checklist_has_its_words() -> None:
    assert len(practices()) == 9
    assert all(practice.text["id"] and practice.text["en"] for practice in practices().values())


def test_a_baseline_is_made_over_http_and_there_is_no_second_one(
    client: Client, tokens: Tokens, staff: Principal
) -> None:
    caller, trainer = client("consulting"), factories.visiting(of=ALPHA)
    of_provider, of_trainer = tokens.headers("provider", institution=ALPHA), tokens.headers("trainer", trainer=trainer)
    body = {"enterprise_id": str(factories.known_enterprise(ALPHA)), "kind": "baseline", "trainer_id": str(trainer)}
    started = caller.post(URL, json=body, headers=of_provider)
    assert (started.status_code, started.json["state"]) == (201, "open")
    again = caller.post(URL, json=body, headers=of_provider)
    assert (again.status_code, again.json["type"], again.json["existing_id"]) == (
        409, "/problems/assessment-exists", started.json["id"],
    )  # fmt: skip
    url = f"{URL}/{started.json['id']}"
    draft = {"practices": [{"item": "cleanliness"}], "readings": [{"indicator": "DEFECT", "numerator": 3}]}
    kept = caller.post(f"{url}/draft", json=draft, headers=of_trainer).json["draft"]
    assert (kept["practices"][0]["points"], kept["readings"][0]["numerator"]) == (None, 3)
    found = {
        "assessed_on": days_ago(5)[0].isoformat(),
        "practices": [{"item": "cleanliness", "points": 1, "note": "Lorong penuh."}],
        "readings": [measured("DEFECT", 30, 1000, source="records")],
        "notes": "Pemilik ramah.",
    }
    done = caller.post(f"{url}/completion", json=found, headers=of_trainer)
    assert (done.status_code, done.json["state"], done.json["draft"]) == (200, "completed", None)
    read = caller.get(f"{url}/readings", headers=of_provider).json["items"]
    assert [(each["indicator"], round(each["current"]["value"], 1)) for each in read] == [
        ("PRACTICE", 33.3),
        ("DEFECT", 3.0),
    ]
    (event,) = events_said(BaselineAssessed)
    assert (str(event.assessment_id), event.assessed_on, event.trainer_id, event.provider_id) == (
        started.json["id"], days_ago(5)[0], trainer, ALPHA,
    )  # fmt: skip
    stored = str(list(connection.database()["outbox"].find({})))
    assert "DEFECT" not in stored
    assert "ramah" not in stored
    assert "Lorong" not in stored


def test_each_kind_of_assessment_says_its_own_event(staff: Principal) -> None:
    first = assessed(ALPHA)
    for kind in ("endline", "followup_6", "followup_12"):
        assessed(ALPHA, kind=kind, enterprise_id=first.enterprise_id)
    assert [len(events_said(kind)) for kind in (BaselineAssessed, EndlineAssessed)] == [1, 1]
    assert sorted(event.months for event in events_said(FollowUpAssessed)) == [6, 12]


def test_a_short_form_is_completed_later_and_told_again_only_where_that_changed(staff: Principal) -> None:
    made = assessed(ALPHA, measured("DEFECT", 30, 1000))
    completed(made, measured("OTD", 90, 100))
    assert sorted(reading.indicator for reading in Reading.objects) == ["DEFECT", "OTD", "PRACTICE"]
    assert len(events_said(BaselineAssessed)) == 1
    commands.complete_assessment(made.id, assessed_on=days_ago(6)[0])
    assert [event.assessed_on for event in events_said(BaselineAssessed)] == days_ago(5, 6)
    assert Assessment.get(made.id).practices[0].points == 2, "what is not named stays"
    assert {reading.current.taken_on for reading in Reading.objects if reading.indicator == "PRACTICE"} == {
        days_ago(6)[0]
    }


def test_every_fault_is_told_at_once(staff: Principal) -> None:
    made = assessed(ALPHA, to="open")
    with pytest.raises(Invalid) as refused:
        commands.complete_assessment(
            made.id,
            assessed_on=days_ago(-1)[0],
            practices=[{"item": "nobody-knows", "points": 1}],
            readings=[measured("DEFECT", 1)],
            suggested_modules=["M9"],
        )
    assert [(fault.pointer, fault.code) for fault in refused.value.errors] == [
        ("/assessed_on", "date-in-future"),
        ("/practices/0/item", "unknown-practice"),
        ("/readings/0/denominator", "required"),
        ("/suggested_modules/0", "unknown-module"),
    ]
    with pytest.raises(Invalid) as empty:
        commands.complete_assessment(made.id, assessed_on=days_ago(1)[0], practices=[{"item": "cleanliness"}])
    assert [fault.code for fault in empty.value.errors] == ["nothing-assessed"]
    assert events_said(BaselineAssessed) == []


def test_the_assessments_follow_their_enterprise_and_the_old_trainer_sees_them_no_longer(
    client: Client, tokens: Tokens, staff: Principal
) -> None:
    made = assessed(ALPHA, measured("DEFECT", 30, 1000))
    caller = client("consulting")

    def seen(**who: object) -> tuple[int, int]:
        role = "trainer" if "trainer" in who else "provider"
        headers = tokens.headers(role, **who)
        return tuple(len(caller.get(url, headers=headers).json["items"]) for url in (URL, "/v1/readings"))  # type: ignore[return-value]

    assert (seen(institution=ALPHA), seen(institution=BETA), seen(trainer=made.trainer_id)) == ((1, 2), (0, 0), (1, 2))
    commands.move_enterprise(made.enterprise_id, provider_id=BETA)
    assert (seen(institution=ALPHA), seen(institution=BETA), seen(trainer=made.trainer_id)) == ((0, 0), (1, 2), (0, 0))
