"""A suspension reaches whoever acts for the institution, in every service and on every operation, and nobody else."""

from __future__ import annotations

from uuid import UUID

import pytest

from shared.access import suspensions
from shared.access.tokens import CHECKS
from shared.contracts.events.certification import TrainerRegistered
from shared.contracts.events.enrollment import InstitutionSuspended
from shared.kernel import ids
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
