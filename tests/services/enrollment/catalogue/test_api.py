"""The module catalogue over HTTP: new versions leave plans as they are."""

from __future__ import annotations

from services.enrollment.catalogue.model import ModuleVersion
from services.enrollment.catalogue.queries import current_version
from services.enrollment.participation import commands as participation_commands
from shared.contracts.events.enrollment import ModuleVersionPublished
from shared.kernel.principal import Principal
from tests.support import factories
from tests.support.factories import ALPHA, days_ago
from tests.support.fixture_types import Client
from tests.support.records import events_said as said
from tests.support.tokens import Tokens


def test_a_new_version_of_a_module_leaves_plans_as_they_are(client: Client, tokens: Tokens, staff: Principal) -> None:
    caller, headers = client("enrollment"), tokens.headers("programme")
    agreed = factories.walked(ALPHA, "committed")
    asked = {
        "module": "M1", "names": {"id": "Kerja Sama", "en": "Cooperation"}, "classroom_days": 2, "required_visits": 4,
        "valid_from": days_ago(1)[0].isoformat(),
    }  # fmt: skip
    made = caller.post("/v1/modules", json=asked, headers=headers)
    assert (made.status_code, made.json["number"]) == (201, 2), made.text
    assert caller.get(made.headers["Location"], headers=headers).json["required_visits"] == 4
    assert said(ModuleVersionPublished)[-1].module_version == 2
    assert current_version("M1", days_ago(0)[0]).number == 2
    assert current_version("M1", days_ago(30)[0]).number == 1
    enrolled = participation_commands.enroll_enterprise(agreed.id)
    assert [planned.module_version for planned in enrolled.plan] == [1]
    assert factories.walked(ALPHA, "committed").plan[0].module_version == 2
    same = caller.post("/v1/modules", json={**asked, "number": 2}, headers=headers)
    assert (same.status_code, same.json["id"]) == (201, made.json["id"])
    other = caller.post("/v1/modules", json={**asked, "number": 2, "required_visits": 1}, headers=headers)
    assert (other.status_code, [fault["code"] for fault in other.json["errors"]]) == (409, ["version-published"])
    gap = caller.post("/v1/modules", json={**asked, "number": 9}, headers=headers)
    assert [fault["code"] for fault in gap.json["errors"]] == ["version-gap"]


def test_the_later_modules_are_in_the_catalogue(staff: Principal) -> None:
    versions = {version.module: version for version in ModuleVersion.objects}
    assert {"M1", "M2", "M3", "M4", "M5", "LEAN", "GENDER", "RBC", "HOCO", "TIME", "CLIMATE", "PLUS", "BCP"} == set(
        versions
    )
    assert all(version.names["id"] and version.names["en"] for version in versions.values())
