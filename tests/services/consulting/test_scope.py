"""Who sees which rows; whoever lacks the id that a role is bound to sees nothing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from services.consulting.enterprises.model import EnterpriseScope
from services.consulting.visits.model import Visit
from shared.access.permissions import ROLES
from shared.kernel.principal import Principal

ID = UUID(int=7)
BOUND = {"institution": ID, "trainer": ID, "enterprise": ID, "sponsor": ID}
VISITS: dict[str, Any] = {
    "programme": {},
    "auditor": {},
    "provider": {"provider_id": ID},
    "trainer": {"trainer_id": ID, "released": {"$ne": True}},
    "enterprise": {"enterprise_id": ID},
}
ENTERPRISES: dict[str, Any] = {
    "programme": {},
    "auditor": {},
    "provider": {"provider_id": ID},
    "enterprise": {"_id": ID},
}


@pytest.mark.parametrize("role", sorted(ROLES))
@pytest.mark.parametrize(("document", "seen"), [(Visit, VISITS), (EnterpriseScope, ENTERPRISES)])
def test_a_role_sees_its_own_rows(document: Any, seen: dict[str, Any], role: str) -> None:
    assert document.row_scope(Principal(subject="x", role=role, **BOUND)) == seen.get(role)


@pytest.mark.parametrize("role", ["provider", "trainer", "enterprise"])
@pytest.mark.parametrize("document", [Visit, EnterpriseScope])
def test_a_role_without_its_id_sees_nothing(document: Any, role: str) -> None:
    assert document.row_scope(Principal(subject="x", role=role)) is None
