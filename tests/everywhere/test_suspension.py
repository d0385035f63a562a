"""A suspension reaches whoever acts for the institution, in every service and on every operation, and nobody else.

So does the erasure of a trainer, whom no plan may name any more.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from shared.access import suspensions
from shared.access.tokens import CHECKS
from shared.contracts.events.certification import PersonErased, SupervisedDeliveryAuthorised, TrainerRegistered
from shared.contracts.events.enrollment import InstitutionSuspended
from shared.domain import trainers
from shared.kernel import ids
from shared.storage import connection
from tests.support.applications import asking
from tests.support.declared_operations import SERVICES, of_service, path_of
from tests.support.factories import ALPHA, BETA
from tests.support.fixture_types import Client
from tests.support.records import Group, records_of
from tests.support.tokens import Tokens

OWN, OTHERS, FREELANCE, ENTERPRISE = (ids.derived("tests", "suspension", number) for number in range(4))
OUT: tuple[tuple[str, dict[str, UUID]], ...] = (
    ("provider", {"institution": ALPHA}),
    ("finance", {"institution": ALPHA}),
    ("partner", {"institution": ALPHA}),
    ("trainer", {"trainer": OWN}),
    ("trainer", {"trainer": OWN, "institution": BETA}),
    ("trainer", {"trainer": FREELANCE, "institution": ALPHA}),
)
IN: tuple[tuple[str, dict[str, UUID]], ...] = (
    ("provider", {"institution": BETA}),
    ("trainer", {"trainer": OTHERS}),
    ("trainer", {"trainer": FREELANCE}),
    ("enterprise", {"enterprise": ENTERPRISE}),
    ("enterprise", {"enterprise": ENTERPRISE, "institution": ALPHA}),
    ("programme", {}),
)


@pytest.mark.parametrize("name", SERVICES)
def test_a_suspension_reaches_its_staff_and_trainers_and_no_enterprise(
    name: str, client: Client, tokens: Tokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller = client(name)
    told = [
        TrainerRegistered(trainer_id=trainer_id, sex="female", institution_id=of, kind="provider")
        for trainer_id, of in ((OWN, ALPHA), (OTHERS, BETA), (FREELANCE, None))
    ]
    suspended = InstitutionSuspended(institution_id=ALPHA, reason="inactive")
    Group(suspensions.group_for(name)).take(records_of([suspended, *told]))
    checks = asking(caller.application, is_suspended=suspensions.SuspensionList().bars)
    monkeypatch.setitem(caller.application.extensions, CHECKS, checks)
    for route in of_service(name, guarded=True, reads=True):
        for role, bound in OUT:
            answer = caller.get(path_of(route), headers=tokens.headers(role, **bound))
            assert answer.status_code == 401, f"{role} {bound} {route.operation}: {answer.text}"
        for role, bound in IN:
            answer = caller.get(path_of(route), headers=tokens.headers(role, **bound))
            assert answer.status_code != 401, f"{role} {bound} {route.operation}: {answer.text}"


@pytest.mark.parametrize("name", SERVICES)
def test_an_erased_trainer_is_let_in_nowhere_and_named_in_no_plan(
    name: str, client: Client, tokens: Tokens, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller, days = client(name), (date(2026, 1, 1), date(2026, 12, 31))
    registered = [
        TrainerRegistered(trainer_id=trainer_id, sex="female", institution_id=of, kind="provider")
        for trainer_id, of in ((OWN, ALPHA), (FREELANCE, None), (OTHERS, BETA))
    ]
    authorised = [
        SupervisedDeliveryAuthorised(
            qualification_id=ids.new(), trainer_id=trainer_id, module="M1", expert_id=expert_id,
            valid_from=days[0], valid_to=days[1],
        )
        for trainer_id, expert_id in ((OWN, OTHERS), (OTHERS, OWN), (OTHERS, FREELANCE))
    ]  # fmt: skip
    group = Group(suspensions.group_for(name))
    records = records_of([*registered, *authorised, PersonErased(person_id=OTHERS)])
    group.take(records[:-1])

    def nameable_by(provider: UUID) -> set[UUID]:
        return trainers.nameable((OWN, OTHERS, FREELANCE), provider_id=provider, module="M1", days=days)

    assert nameable_by(ALPHA) == {OWN, OTHERS, FREELANCE}
    group.take(records[-1:])
    assert nameable_by(ALPHA) == {OWN, FREELANCE}
    assert nameable_by(BETA) == {FREELANCE}, "nobody is lent to whom the erased belonged"
    trainers.keep_trainer(registered[-1])  # what arrives late
    for event in authorised:
        trainers.keep_authorisation(event)
    assert nameable_by(ALPHA) == {OWN, FREELANCE}
    assert [str(OTHERS) in str(rows_in(kept)) for kept in (trainers.TRAINERS, trainers.AUTHORISATIONS)] == [False] * 2
    checks = asking(caller.application, is_suspended=suspensions.SuspensionList().bars)
    monkeypatch.setitem(caller.application.extensions, CHECKS, checks)
    for route in of_service(name, guarded=True, reads=True):
        refused = caller.get(path_of(route), headers=tokens.headers("trainer", trainer=OTHERS))
        assert refused.status_code == 401, f"{route.operation}: {refused.text}"
        others = caller.get(path_of(route), headers=tokens.headers("trainer", trainer=FREELANCE))
        assert others.status_code != 401, f"{route.operation}: {others.text}"


def rows_in(collection: str) -> list[dict[str, object]]:
    return list(connection.database()[collection].find({}))
