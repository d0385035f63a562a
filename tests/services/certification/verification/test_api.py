"""Anyone may verify a certificate's number and learns no name."""

from __future__ import annotations

from services.certification.qualifications import commands
from shared.kernel.principal import Principal
from tests.support import factories
from tests.support.factories import ALPHA, days_ago
from tests.support.fixture_types import Client


def test_anyone_may_verify_a_number_and_learns_no_name(client: Client, staff: Principal) -> None:
    caller = client("certification")
    numbers = {status: f"UJI-{status}".upper() for status in ("valid", "expired", "suspended", "revoked")}
    for status, number in numbers.items():
        held = factories.qualification(ALPHA, number=number, valid_to=days_ago(1 if status == "expired" else -9)[0])
        if status == "suspended":
            commands.suspend_certificate(held.id, reason="conduct")
        if status == "revoked":
            commands.revoke_certificate(held.id, reason="conduct")
    for status, number in numbers.items():
        for written in (number, number.lower()):
            answer = caller.get(f"/v1/certificates/{written}")
            assert (answer.status_code, answer.json["status"]) == (200, status)
            assert answer.json.keys() == {"number", "module", "valid_from", "valid_to", "status"}
    assert caller.get("/v1/certificates/UJI-NONE").status_code == 404
