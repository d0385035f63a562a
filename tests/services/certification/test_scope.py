"""Who sees which rows; whoever lacks the id that a role is bound to sees nothing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from services.certification.certificates.model import IssuedNumber
from services.certification.partners.model import Partner
from services.certification.qualifications.model import Qualification
from services.certification.trainers.model import Trainer
from shared.access.permissions import ROLES
from shared.kernel.principal import Principal

ID = UUID(int=7)
BOUND = {"institution": ID, "trainer": ID, "enterprise": ID, "sponsor": ID}
ALL: dict[str, Any] = {"programme": {}, "auditor": {}}
SEEN: list[tuple[Any, dict[str, Any]]] = [
    (Trainer, {**ALL, "provider": {"institution_id": ID}, "trainer": {"_id": ID}}),
    (Qualification, {**ALL, "provider": {"institution_id": ID}, "trainer": {"trainer_id": ID}}),
    (Partner, {**ALL, "provider": {"_id": ID}}),
    (IssuedNumber, ALL),
]


@pytest.mark.parametrize("role", sorted(ROLES))
@pytest.mark.parametrize(("document", "seen"), SEEN)
def test_a_role_sees_its_own_rows(document: Any, seen: dict[str, Any], role: str) -> None:
    assert document.row_scope(Principal(subject="x", role=role, **BOUND)) == seen.get(role)


@pytest.mark.parametrize("role", ["provider", "trainer"])
@pytest.mark.parametrize("document", [document for document, _ in SEEN])
def test_a_role_without_its_id_sees_nothing(document: Any, role: str) -> None:
    assert document.row_scope(Principal(subject="x", role=role)) is None
