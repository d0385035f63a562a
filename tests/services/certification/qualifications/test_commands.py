"""A trainer's certificate: granted, suspended, revoked, expired by the clock, verified by anyone."""

from __future__ import annotations

from typing import Any

import pytest

from services.certification.qualifications import commands
from services.certification.qualifications.jobs import EXPIRE_CERTIFICATES
from services.certification.qualifications.model import Qualification
from shared.contracts.events.certification import (
    CertificateExpired,
    CertificateRevoked,
    CertificateSuspended,
    SuspensionLifted,
    TrainerCertified,
    TrainerRegistered,
)
from shared.domain.errors import Conflict, Invalid, NotAllowedNow
from shared.kernel import ids
from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM, Principal
from shared.storage import connection
from tests.support import factories
from tests.support.factories import ALPHA, days_ago
from tests.support.records import events_said


def test_a_granted_certificate_entitles(staff: Principal) -> None:
    granted = factories.qualification(ALPHA, number="lama-7", valid_to=days_ago(-5)[0])
    (registered,), (certified,) = events_said(TrainerRegistered), events_said(TrainerCertified)
    assert certified.trainer_id == registered.trainer_id == granted.trainer_id
    assert certified.qualification_id == ids.derived("qualification", granted.trainer_id, "M1")
    assert (certified.certificate_number, certified.valid_to, certified.historic) == ("LAMA-7", days_ago(-5)[0], True)
    rows = str(list(connection.database()["outbox"].find({})))
    assert "Wulan" not in rows
    assert "Surat" not in rows


def test_m1_comes_first_and_must_be_in_force(staff: Principal) -> None:
    trainer = factories.trainer(ALPHA).id
    with pytest.raises(NotAllowedNow):
        factories.qualification(ALPHA, "M2", of=trainer)
    first = factories.qualification(ALPHA, of=trainer)
    assert factories.qualification(ALPHA, "M2", of=trainer).state == "certified"
    commands.suspend_certificate(first.id, reason="conduct")
    with pytest.raises(NotAllowedNow):
        factories.qualification(ALPHA, "M3", of=trainer)
    assert len(events_said(TrainerCertified)) == 2


def test_a_certificate_entitles_on_its_last_day_and_not_after(staff: Principal) -> None:
    last_day = factories.qualification(ALPHA, valid_to=days_ago(0)[0])
    assert factories.qualification(ALPHA, "M2", of=last_day.trainer_id).state == "certified"
    over = factories.qualification(ALPHA, valid_to=days_ago(1)[0])
    with pytest.raises(NotAllowedNow):
        factories.qualification(ALPHA, "M2", of=over.trainer_id)


def test_one_certificate_at_a_time_and_no_number_twice(staff: Principal) -> None:
    held = factories.qualification(ALPHA, number="LAMA-1")
    with pytest.raises(Conflict):
        factories.qualification(ALPHA, of=held.trainer_id)
    with pytest.raises(Conflict):
        factories.qualification(ALPHA, number="lama-1")
    commands.revoke_certificate(held.id, reason="conduct")
    again = factories.qualification(ALPHA, of=held.trainer_id, number="BARU-1")
    assert (again.state, len(again.certificates)) == ("certified", 2)


def test_suspending_and_revoking_are_told_with_their_day(staff: Principal) -> None:
    held = factories.qualification(ALPHA)
    commands.suspend_certificate(held.id, reason="conduct")
    commands.revoke_certificate(held.id, reason="other")
    for kind, reason in ((CertificateSuspended, "conduct"), (CertificateRevoked, "other")):
        (event,) = events_said(kind)
        assert (event.reason, event.effective_on, event.qualification_id) == (reason, days_ago(0)[0], held.id)
    for step in (commands.suspend_certificate, commands.revoke_certificate):
        with pytest.raises(NotAllowedNow):
            step(held.id, reason="other")


def test_a_lifted_suspension_entitles_again_until_the_last_day(staff: Principal) -> None:
    held, over = factories.qualification(ALPHA), factories.qualification(ALPHA, valid_to=days_ago(1)[0])
    with pytest.raises(NotAllowedNow):
        commands.lift_suspension(held.id)
    for one in (held, over):
        commands.suspend_certificate(one.id, reason="conduct")
    lifted = commands.lift_suspension(held.id)
    today = days_ago(0)[0]
    assert lifted.entitles(today)
    assert (lifted.certificate.status(today), lifted.certificate.reason) == ("valid", None)
    with pytest.raises(NotAllowedNow, match="last day"):
        commands.lift_suspension(over.id)
    (event,) = events_said(SuspensionLifted)
    assert (event.qualification_id, event.lifted_on, event.ended_on) == (held.id, today, None)


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"valid_from": days_ago(-1)[0]}, "/valid_from"),
        ({"valid_from": days_ago(5)[0], "valid_to": days_ago(6)[0]}, "/valid_to"),
    ],
)
def test_days_that_cannot_be_are_refused(staff: Principal, changes: dict[str, Any], pointer: str) -> None:
    with pytest.raises(Invalid) as refused:
        factories.qualification(ALPHA, **changes)
    assert [fault.pointer for fault in refused.value.errors] == [pointer]
    assert events_said(TrainerCertified) == []


def test_the_clock_expires_certificates_once(staff: Principal) -> None:
    over, last_day, suspended = (
        factories.qualification(ALPHA, valid_to=day) for day in (days_ago(1)[0], days_ago(0)[0], days_ago(2)[0])
    )
    commands.suspend_certificate(suspended.id, reason="conduct")
    timer = EXPIRE_CERTIFICATES
    with acting_as(SYSTEM):
        timer.run()
        timer.run()
    states = [Qualification.get(each.id).state for each in (over, last_day, suspended)]
    assert states == ["expired", "certified", "expired"]
    assert {event.qualification_id for event in events_said(CertificateExpired)} == {over.id, suspended.id}
    assert len(events_said(CertificateExpired)) == 2
    assert factories.qualification(ALPHA, of=over.trainer_id).state == "certified"
