"""Enterprises from sign-up to graduation on the real store: what is refused, who is told, who sees it."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest
from flask.testing import FlaskClient

from services.enrollment.duplicates.matching import keys_of
from services.enrollment.enterprises import commands as enterprises_commands
from services.enrollment.enterprises.errors import Merged, PossibleDuplicate
from services.enrollment.enterprises.model import Enterprise
from services.enrollment.journeys import graduation
from services.enrollment.journeys.model import Journey
from services.enrollment.participation import commands as participation_commands
from services.enrollment.participation.commitment_letter import CommitmentLetter
from services.enrollment.tax_numbers.model import number_of
from services.enrollment.transfers import commands as transfers_commands
from shared.contracts.enrollment import (
    EnterpriseEnrolled,
    EnterpriseGraduated,
    EnterpriseGraduationReversed,
    EnterprisesMerged,
    EnterpriseWithdrawn,
)
from shared.errors import Conflict, Invalid, NotFound
from shared.messaging import mergers, suspensions
from shared.runtime import clock, ids
from shared.runtime.context import SYSTEM, Principal, acting_as, seeing_everything
from shared.storage import connection
from shared.storage.transaction import transactional
from shared.web import authentication
from tests.integration.services import worlds
from tests.integration.services.conftest import Enter, fingerprint
from tests.integration.services.records import Group, records_of
from tests.integration.services.records import facts_said as said
from tests.integration.services.tokens import Tokens
from tests.integration.services.worlds import ALPHA, BETA, LETTER, STAFF, days_ago

Client = Callable[[str], FlaskClient]
NIB = "9120001234567"


@pytest.fixture
def staff(enter: Enter) -> Any:
    enter("enrollment")
    with acting_as(STAFF):
        worlds.institution(ALPHA)
        worlds.institution(BETA, name="Lain Contoh")
        yield STAFF


def body(**described: Any) -> dict[str, Any]:
    return {
        "name": "Kayu Contoh", "legal_form": "CV", "province": "ID-JT", "place": "Kudus", "sector": "handicrafts",
        "headcount": {"women": 20, "men": 20}, "contact": {"name": "Ratna", "phone": "0812-3456-7890"}, **described,
    }  # fmt: skip


def test_numbers_are_kept_in_one_form_and_amounts_not_at_all(client: Client, tokens: Tokens, staff: Principal) -> None:
    asked = body(
        nib="9120 0012 34567", npwp="01.234.567.8-901.000", kbli="31001", size_source="owner_statement",
        annual_sales={"amount": 2_000_000_001, "currency": "IDR"},
    )  # fmt: skip
    headers = tokens.headers("provider", institution=ALPHA)
    answer = client("enrollment").post("/v1/enterprises", json=asked, headers=headers)
    assert answer.status_code == 201, answer.text
    shown = answer.json
    assert (shown["nib"], shown["npwp"], shown["contact"]["phone"]) == (NIB, "0012345678901000", "+6281234567890")
    assert (shown["size_class"], shown["size_basis"], shown["kbli_version"]) == ("small", "annual_sales", "2020")
    assert "2000000001" not in str(connection.database()["enterprises"].find_one({}))


def test_an_individuals_tax_number_is_shown_by_its_end(client: Client, tokens: Tokens, staff: Principal) -> None:
    asked = body(legal_form="perorangan", npwp="3319010101800001")
    headers = tokens.headers("provider", institution=ALPHA)
    caller = client("enrollment")
    answer = caller.post("/v1/enterprises", json=asked, headers=headers)
    assert answer.json["npwp"] == "************0001"
    database = connection.database()
    for collection in database.list_collection_names():
        assert "3319010101800001" not in str(list(database[collection].find({}))), collection

    url = f"/v1/enterprises/{answer.json['id']}/tax-number"
    assert caller.get(url, headers=headers).json == {"npwp": "3319010101800001"}
    assert caller.get(url, headers=tokens.headers("auditor")).status_code == 403
    assert caller.get(url, headers=tokens.headers("provider", institution=BETA)).status_code == 404
    noted = database["access_log"].find({"object": UUID(answer.json["id"]), "action": "show_tax_number"})
    assert sorted(row["outcome"] for row in noted) == ["allowed", "forbidden", "not_found"]
    without = worlds.enterprise(ALPHA, name="Tenun Rahma")
    assert caller.get(f"/v1/enterprises/{without.id}/tax-number", headers=headers).status_code == 404

    again = body(name="Sama Sekali Lain", legal_form="UD", npwp="33.190101018000.01")
    twice = caller.post("/v1/enterprises", json=again, headers=headers)
    assert (twice.status_code, [one["reasons"] for one in twice.json["candidates"]]) == (409, [["npwp"]])


def test_numbers_that_lie_in_clear_are_sealed_by_the_migration(staff: Principal) -> None:
    person, firm = worlds.enterprise(ALPHA, legal_form="perorangan"), worlds.enterprise(ALPHA, name="Tenun Rahma")
    rows = connection.database()["enterprises"]
    for row_id, number in ((person.id, "3319010101800001"), (firm.id, "0012345678901000")):
        known = {"npwp": number, "npwp_given": number, "match_keys": [f"npwp:{number}"]}
        rows.update_one({"_id": row_id}, {"$set": known})
    migration = importlib.import_module("services.enrollment.migrations.0004_sealed_tax_numbers")
    for _ in range(2):
        migration.apply(connection.database())
        assert "3319010101800001" not in str(list(rows.find({})))
        assert [number_of(Enterprise.get(one.id)) for one in (person, firm)] == ["3319010101800001", "0012345678901000"]
    for one in (person, firm):
        shown = Enterprise.get(one.id)
        assert shown.match_keys == keys_of(shown.described)


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({"nib": "12345"}, ("/nib", "nib-form")),
        ({"npwp": "12345"}, ("/npwp", "npwp-form")),
        ({"province": "ID-JW"}, ("/province", "not-a-choice")),
        ({"kbli_version": "2020"}, ("/kbli_version", "kbli-version-alone")),
        (
            {"size_class": "micro", "capital": {"amount": 9_000_000_000, "currency": "IDR"}},
            ("/size_class", "size-differs"),
        ),
        ({"contact": {"name": "Ratna", "phone": "0812"}}, ("/contact/phone", "wrong-format")),
    ],
)
def test_what_is_no_number_or_place_is_refused(
    client: Client, tokens: Tokens, staff: Principal, wrong: dict[str, Any], fault: tuple[str, str]
) -> None:
    headers = tokens.headers("provider", institution=ALPHA)
    answer = client("enrollment").post("/v1/enterprises", json=body(**wrong), headers=headers)
    assert answer.status_code == 422, answer.text
    assert [(one["pointer"], one["code"]) for one in answer.json["errors"]] == [fault]


def test_a_duplicate_is_answered_with_what_the_caller_may_see(client: Client, tokens: Tokens, staff: Principal) -> None:
    caller, headers = client("enrollment"), tokens.headers("provider", institution=ALPHA)
    own = worlds.enterprise(ALPHA, name="Kayu Contoh Murni", place="Kab. Kudus")
    worlds.enterprise(BETA, name="CV Kayu Contoh Murni", place="Kudus")
    asked = body(name="Kayu Tjontoh Moerni")
    before = fingerprint()
    answer = caller.post("/v1/enterprises", json=asked, headers=headers)
    assert answer.status_code == 409, answer.text
    assert answer.json["type"] == "/problems/possible-duplicate"
    assert [(one["id"], one["reasons"]) for one in answer.json["candidates"]] == [(str(own.id), ["name"])]
    assert answer.json["others"] == 1
    assert fingerprint() == before
    confirmed = caller.post("/v1/enterprises", json={**asked, "confirm_distinct": "same_owner"}, headers=headers)
    assert confirmed.status_code == 201, confirmed.text
    assert Enterprise.get(confirmed.json["id"]).distinct_reason == "same_owner"


def test_a_nib_belongs_to_one_enterprise_whatever_is_confirmed(staff: Principal) -> None:
    worlds.enterprise(BETA, nib=NIB)
    with acting_as(worlds.provider(ALPHA)), pytest.raises(PossibleDuplicate) as refused:
        worlds.enterprise(ALPHA, name="Sama Sekali Lain", nib=NIB, confirm_distinct="other")
    assert refused.value.members == {"candidates": [], "others": 1}
    other = worlds.enterprise(ALPHA, name="Tenun Rahma")
    with pytest.raises(PossibleDuplicate):
        enterprises_commands.correct_enterprise(other.id, nib=NIB)


def test_the_way_to_enrolment_takes_every_step(client: Client, tokens: Tokens, staff: Principal) -> None:
    caller, headers = client("enrollment"), tokens.headers("provider", institution=ALPHA)
    path = f"/v1/enterprises/{worlds.enterprise(ALPHA).id}"
    commitment = {"signed_on": days_ago(1)[0].isoformat(), "plan": ["M1", "M3"], "enterprise_share_percent": 40}
    early = caller.post(f"{path}/enrolment", json={}, headers={**headers, "Accept-Language": "en"})
    assert (early.status_code, early.json["missing"]) == (409, ["screen_enterprise", "commit_enterprise"])
    assert early.json["detail"] == "This comes first: screening, then the signed commitment."
    screened = caller.post(f"{path}/screening", json={"screened_on": days_ago(2)[0].isoformat()}, headers=headers)
    assert (screened.json["state"], screened.json["screening"]["result"]) == ("eligible", "eligible")
    without = caller.post(f"{path}/commitment", json=commitment, headers=headers)
    assert [fault["code"] for fault in without.json["errors"]] == ["letter-missing"]
    kind = "application/octet-stream"
    refused = caller.post(f"{path}/letters", data=b"MZ program", content_type=kind, headers=headers)
    assert [fault["code"] for fault in refused.json["errors"]] == ["letter-form"]
    letter = caller.post(f"{path}/letters", data=LETTER, content_type=kind, headers=headers)
    assert (letter.status_code, letter.json["media_type"], letter.json["size"]) == (201, "application/pdf", len(LETTER))
    assert (
        caller.post(f"{path}/letters", data=LETTER, content_type=kind, headers=headers).json["id"] == letter.json["id"]
    )
    assert caller.get(f"{path}/commitment/letter", headers=headers).status_code == 404, "nothing refers to it yet"
    committed = caller.post(f"{path}/commitment", json={**commitment, "letter_id": letter.json["id"]}, headers=headers)
    assert committed.status_code == 200, committed.text
    read = caller.get(f"{path}/commitment/letter", headers=headers)
    assert (read.data, read.mimetype) == (LETTER, "application/pdf")
    enrolled = caller.post(f"{path}/enrolment", json={}, headers=headers)
    assert enrolled.json["state"] == "enrolled"
    (fact,) = said(EnterpriseEnrolled)
    assert [planned.module for planned in fact.plan] == ["M1", "M3"]
    assert fact.enterprise_share_percent == 40


def test_outside_the_programmes_size_an_override_is_needed(client: Client, tokens: Tokens, staff: Principal) -> None:
    caller = client("enrollment")
    small = worlds.enterprise(ALPHA, headcount={"women": 5, "men": 4})
    screened = participation_commands.screen_enterprise(small.id, screened_on=days_ago(1)[0], reasons=["unsafe_site"])
    assert (screened.state, screened.screening.reasons) == ("ineligible", ["unsafe_site", "too_small"])
    url, asked = f"/v1/enterprises/{small.id}/screening/override", {"reason": "cluster_member"}
    own = caller.post(url, json=asked, headers=tokens.headers("provider", institution=ALPHA))
    assert own.status_code == 403, "who gains by it does not decide it"
    answer = caller.post(url, json=asked, headers=tokens.headers("programme"))
    assert (answer.json["state"], answer.json["screening"]["result"]) == ("eligible", "override")


def test_a_letter_of_another_enterprise_is_unknown_and_a_loose_one_is_swept(staff: Principal) -> None:
    first, second = worlds.walked(ALPHA, "eligible"), worlds.walked(ALPHA, "committed")
    with pytest.raises(Invalid, match=r"invalid|letter"):
        participation_commands.commit_enterprise(
            first.id, signed_on=days_ago(1)[0], plan=["M1"], letter_id=second.commitment.letter_id
        )
    loose = participation_commands.upload_commitment_letter(first.id, content=LETTER + b"loose")
    with acting_as(SYSTEM):
        assert participation_commands.sweep_letters() == 0
        _age(loose)
        assert participation_commands.sweep_letters() == 1
    with seeing_everything():
        assert [letter.id for letter in CommitmentLetter.objects] == [second.commitment.letter_id]


@transactional
def _age(letter: CommitmentLetter) -> None:
    letter.loose_since = clock.now() - timedelta(days=2)
    letter.save()


@transactional
def _complete(enterprise: Enterprise, *modules: str) -> None:
    for module in modules:
        journey = Journey.of(enterprise.id, module, enterprise.provider_id)
        journey.completed_on = days_ago(0)[0]
        journey.save()


def test_graduation_follows_the_journeys_and_is_taken_back(staff: Principal) -> None:
    enterprise = worlds.walked(ALPHA, "enrolled", plan=("M1", "M2"))
    _complete(enterprise, "M1")
    graduation.graduate_if_complete(enterprise.id)
    assert Enterprise.get(enterprise.id).state == "enrolled"
    _complete(enterprise, "M2")
    graduation.graduate_if_complete(enterprise.id)
    graduation.graduate_if_complete(enterprise.id)
    assert Enterprise.get(enterprise.id).state == "graduated"
    assert [fact.modules for fact in said(EnterpriseGraduated)] == [("M1", "M2")]
    _take_back(enterprise)
    graduation.graduate_if_complete(enterprise.id)
    assert Enterprise.get(enterprise.id).state == "enrolled"
    assert len(said(EnterpriseGraduationReversed)) == 1
    graduation.graduate_if_complete(ids.new())


@transactional
def _take_back(enterprise: Enterprise) -> None:
    journey = Journey.of(enterprise.id, "M2", enterprise.provider_id)
    journey.completed_on = None
    journey.save()


def test_who_has_a_place_in_a_planned_training_neither_leaves_nor_moves(staff: Principal) -> None:
    enterprise, kept = worlds.walked(ALPHA, "enrolled"), worlds.walked(ALPHA, "enrolled")
    training = worlds.training(ALPHA, enterprise.id, days=days_ago(-5, -6))
    for attempt in (
        lambda: participation_commands.withdraw_enterprise(enterprise.id, reason="cost"),
        lambda: transfers_commands.change_provider(enterprise.id, provider_id=BETA),
        lambda: transfers_commands.merge_enterprises(enterprise.id, kept_id=kept.id, reason="registered_twice"),
    ):
        with pytest.raises(Conflict) as refused:
            attempt()
        assert [fault.code for fault in refused.value.errors] == ["has-seats"]
        assert refused.value.members["trainings"] == [str(training.id)]


def test_a_withdrawal_says_at_which_stage(staff: Principal) -> None:
    early, late = worlds.walked(ALPHA, "enrolled"), worlds.walked(ALPHA, "enrolled")
    worlds.delivered(ALPHA, late.id)
    participation_commands.withdraw_enterprise(early.id, reason="cost")
    participation_commands.withdraw_enterprise(late.id, reason="closed")
    stages = {fact.enterprise_id: (fact.stage, fact.reason) for fact in said(EnterpriseWithdrawn)}
    assert stages == {early.id: ("before_classroom", "cost"), late.id: ("after_classroom", "closed")}


def test_another_provider_sees_it_at_once_and_the_former_no_longer(staff: Principal) -> None:
    enterprise = worlds.enterprise(ALPHA)
    trainer = Principal(subject="t", role="trainer", issuer="tests", trainer=ids.new())
    _assign(enterprise, trainer)
    transfers_commands.change_provider(enterprise.id, provider_id=BETA)
    for principal in (worlds.provider(ALPHA), trainer):
        with acting_as(principal), pytest.raises(NotFound):
            Enterprise.get(enterprise.id)
    with acting_as(worlds.provider(BETA)):
        assert Enterprise.get(enterprise.id).provider_id == BETA
    with pytest.raises(Invalid):
        transfers_commands.change_provider(enterprise.id, provider_id=BETA)


@transactional
def _assign(enterprise: Enterprise, trainer: Principal) -> None:
    known = Enterprise.get(enterprise.id)
    known.assign([trainer.trainer])
    known.save()


def test_a_merged_registration_names_the_kept_one(client: Client, tokens: Tokens, staff: Principal) -> None:
    caller = client("enrollment")
    first, second, last = (worlds.enterprise(ALPHA) for _ in range(3))
    transfers_commands.merge_enterprises(first.id, kept_id=second.id, reason="registered_twice")
    transfers_commands.merge_enterprises(second.id, kept_id=last.id, reason="registered_twice")
    assert set(Enterprise.get(last.id).aliases) == {first.id, second.id}
    assert [(fact.merged_id, fact.kept_id) for fact in said(EnterprisesMerged)] == [
        (first.id, second.id),
        (second.id, last.id),
    ]
    for given_up in (first, second):
        answer = caller.get(f"/v1/enterprises/{given_up.id}", headers=tokens.headers("provider", institution=ALPHA))
        assert (answer.status_code, answer.json["type"]) == (410, "/problems/merged")
        assert (answer.json["kept_id"], answer.headers["Location"]) == (str(last.id), f"/v1/enterprises/{last.id}")
        assert Enterprise.find(given_up.id) is None
        with pytest.raises(Merged):
            participation_commands.screen_enterprise(given_up.id, screened_on=days_ago(1)[0], reasons=[])
    transfers_commands.change_provider(last.id, provider_id=BETA)
    with acting_as(worlds.provider(ALPHA)), pytest.raises(NotFound):
        Enterprise.get(first.id)


def test_a_token_of_a_merged_registration_works_as_the_kept_one(
    client: Client, tokens: Tokens, staff: Principal, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller = client("enrollment")
    first, second, last, other = (worlds.enterprise(ALPHA) for _ in range(4))
    person = worlds.person(first.id)
    transfers_commands.merge_enterprises(first.id, kept_id=second.id, reason="registered_twice")
    transfers_commands.merge_enterprises(second.id, kept_id=last.id, reason="taken_over")
    with acting_as(SYSTEM):
        Group(suspensions.group_for("enrollment")).take(records_of(said(EnterprisesMerged)))
    monkeypatch.setattr(authentication, "kept_enterprise", mergers.MergerList().kept_for)
    for bound in (first, second, last):
        headers = tokens.headers("enterprise", enterprise=bound.id)
        shown = caller.get(f"/v1/enterprises/{last.id}", headers=headers)
        assert (shown.status_code, shown.json.get("id")) == (200, str(last.id)), shown.text
        assert [row["id"] for row in caller.get("/v1/participants", headers=headers).json["items"]] == [str(person.id)]
        former = caller.get(f"/v1/enterprises/{first.id}", headers=headers)
        assert (former.status_code, former.json["kept_id"]) == (410, str(last.id))
        assert caller.get(f"/v1/enterprises/{other.id}", headers=headers).status_code == 404
    headers = tokens.headers("enterprise", enterprise=other.id)
    assert caller.get(f"/v1/enterprises/{first.id}", headers=headers).status_code == 404


def test_the_contact_of_an_enterprise_is_forgotten_with_every_trace(
    client: Client, tokens: Tokens, staff: Principal
) -> None:
    caller, headers = client("enrollment"), tokens.headers("provider", institution=ALPHA)
    contact = {"name": "Wulan", "email": "wulan@example.org", "phone": "0812-3456-7899"}
    asked = body(contact=contact)
    known = caller.post("/v1/enterprises", json=asked, headers={**headers, "Idempotency-Key": "once"}).json
    former = worlds.enterprise(ALPHA, contact=contact)
    kept_id = UUID(known["id"])
    transfers_commands.merge_enterprises(former.id, kept_id=kept_id, reason="registered_twice")
    url = f"/v1/enterprises/{kept_id}/contact/erasure"
    assert caller.post(url, headers=tokens.headers("provider", institution=BETA)).status_code == 404
    done = caller.post(url, headers=headers)
    assert (done.status_code, done.json["contact"]["name"]) == (200, None), done.text
    database = connection.database()
    for party_id in (kept_id, former.id):
        told = orjson.loads(database["contact_outbox"].find_one({"_id": party_id})["body"])
        assert (told["name"], told.get("email"), told.get("phone")) == ("CV Kayu Contoh", None, None)
    everything = str([list(database[name].find({})) for name in database.list_collection_names()])
    assert [word for word in ("Wulan", "wulan", "81234567899") if word in everything] == []
    again = caller.patch(
        f"/v1/enterprises/{kept_id}", json={"contact": {"name": "Bagus"}}, headers={**headers, "If-Match": "*"}
    )
    assert again.json["contact"]["name"] == "Bagus"


def test_who_has_begun_is_not_given_up(staff: Principal) -> None:
    begun, other = worlds.walked(ALPHA, "enrolled"), worlds.walked(ALPHA, "enrolled")
    worlds.delivered(ALPHA, begun.id)
    with pytest.raises(Conflict) as refused:
        transfers_commands.merge_enterprises(begun.id, kept_id=other.id, reason="registered_twice")
    assert [fault.code for fault in refused.value.errors] == ["has-journeys"]
    with pytest.raises(Conflict) as refused:
        transfers_commands.merge_enterprises(other.id, kept_id=worlds.enterprise(ALPHA).id, reason="registered_twice")
    assert [fault.code for fault in refused.value.errors] == ["further-along"]
    assert transfers_commands.merge_enterprises(other.id, kept_id=begun.id, reason="registered_twice").id == begun.id
