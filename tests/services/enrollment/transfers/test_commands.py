"""Registrations are merged and enterprises change their provider; who has begun is not given up."""

from __future__ import annotations

import pytest

from services.enrollment.enterprises.errors import Merged
from services.enrollment.enterprises.model import Enterprise
from services.enrollment.participation import commands as participation_commands
from services.enrollment.transfers import commands as transfers_commands
from shared.access import mergers, suspensions
from shared.access.tokens import CHECKS
from shared.contracts.events.enrollment import EnterprisesMerged
from shared.domain.errors import Conflict, Invalid, NotFound
from shared.kernel import ids
from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM, Principal
from shared.storage.transaction import transactional
from tests.support import factories
from tests.support.applications import asking
from tests.support.factories import ALPHA, BETA, days_ago
from tests.support.fixture_types import Client
from tests.support.records import Group, records_of
from tests.support.records import events_said as said
from tests.support.tokens import Tokens


def test_who_has_a_place_in_a_planned_training_neither_leaves_nor_moves(staff: Principal) -> None:
    enterprise, kept = factories.walked(ALPHA, "enrolled"), factories.walked(ALPHA, "enrolled")
    training = factories.training(ALPHA, enterprise.id, days=days_ago(-5, -6))
    for attempt in (
        lambda: participation_commands.withdraw_enterprise(enterprise.id, reason="cost"),
        lambda: transfers_commands.change_provider(enterprise.id, provider_id=BETA),
        lambda: transfers_commands.merge_enterprises(enterprise.id, kept_id=kept.id, reason="registered_twice"),
    ):
        with pytest.raises(Conflict) as refused:
            attempt()
        assert [fault.code for fault in refused.value.errors] == ["has-seats"]
        assert refused.value.members["trainings"] == [training.id]


def test_another_provider_sees_it_at_once_and_the_former_no_longer(staff: Principal) -> None:
    enterprise = factories.enterprise(ALPHA)
    trainer = Principal(subject="t", role="trainer", issuer="tests", trainer=ids.new())
    _assign(enterprise, trainer)
    transfers_commands.change_provider(enterprise.id, provider_id=BETA)
    for principal in (factories.provider(ALPHA), trainer):
        with acting_as(principal), pytest.raises(NotFound):
            Enterprise.get(enterprise.id)
    with acting_as(factories.provider(BETA)):
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
    first, second, last = (factories.enterprise(ALPHA) for _ in range(3))
    transfers_commands.merge_enterprises(first.id, kept_id=second.id, reason="registered_twice")
    transfers_commands.merge_enterprises(second.id, kept_id=last.id, reason="registered_twice")
    assert set(Enterprise.get(last.id).aliases) == {first.id, second.id}
    assert [(event.merged_id, event.kept_id) for event in said(EnterprisesMerged)] == [
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
    with acting_as(factories.provider(ALPHA)), pytest.raises(NotFound):
        Enterprise.get(first.id)


def test_a_token_of_a_merged_registration_works_as_the_kept_one(
    client: Client, tokens: Tokens, staff: Principal, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller = client("enrollment")
    first, second, last, other = (factories.enterprise(ALPHA) for _ in range(4))
    person = factories.person(first.id)
    transfers_commands.merge_enterprises(first.id, kept_id=second.id, reason="registered_twice")
    transfers_commands.merge_enterprises(second.id, kept_id=last.id, reason="taken_over")
    with acting_as(SYSTEM):
        Group(suspensions.group_for("enrollment")).take(records_of(said(EnterprisesMerged)))
    checks = asking(caller.application, kept_enterprise=mergers.MergerList().kept_for)
    monkeypatch.setitem(caller.application.extensions, CHECKS, checks)
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


def test_who_has_begun_is_not_given_up(staff: Principal) -> None:
    begun, other = factories.walked(ALPHA, "enrolled"), factories.walked(ALPHA, "enrolled")
    factories.delivered(ALPHA, begun.id)
    with pytest.raises(Conflict) as refused:
        transfers_commands.merge_enterprises(begun.id, kept_id=other.id, reason="registered_twice")
    assert [fault.code for fault in refused.value.errors] == ["has-journeys"]
    with pytest.raises(Conflict) as refused:
        transfers_commands.merge_enterprises(
            other.id, kept_id=factories.enterprise(ALPHA).id, reason="registered_twice"
        )
    assert [fault.code for fault in refused.value.errors] == ["further-along"]
    assert transfers_commands.merge_enterprises(other.id, kept_id=begun.id, reason="registered_twice").id == begun.id
