"""Leads an enterprise into the programme, and out of it before its end."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import UUID

from services.enrollment.catalogue.model import ModuleVersion
from services.enrollment.catalogue.queries import plan_today
from services.enrollment.enterprises.model import Enterprise
from services.enrollment.enterprises.parts import Commitment, Planned
from services.enrollment.errors import not_in_future, refused
from services.enrollment.journeys.queries import journeys_of
from services.enrollment.participation.commitment_letter import CommitmentLetter
from services.enrollment.participation.errors import LETTER_MISSING, UNKNOWN_LETTER
from services.enrollment.participation.queries import count_loose_letters, letter_or_none, loose_letters
from services.enrollment.settings import enrollment_settings
from services.enrollment.trainings.queries import refuse_open_places
from shared.access.errors import TooManyRequests
from shared.domain.refusals import Refusals
from shared.kernel import clock
from shared.kernel.context import current_principal
from shared.observability import logs
from shared.reference.zones import WIB
from shared.storage.transaction import transactional

log = logs.get(__name__)


@transactional
def screen_enterprise(enterprise_id: UUID, *, screened_on: date, reasons: Sequence[str]) -> Enterprise:
    """Record the result of a visit to the site, together with the programme's bounds of headcount. It may be repeated until the
    enterprise commits itself."""
    enterprise = Enterprise.get(enterprise_id)
    not_in_future("/screened_on")(screened_on)
    enterprise.screen([*dict.fromkeys([*reasons, *_size_reasons(enterprise)])], screened_on)
    return enterprise.save()


@transactional
def override_screening(enterprise_id: UUID, *, reason: str) -> Enterprise:
    """Let an enterprise take part that the criteria leave out; the programme alone may."""
    enterprise = Enterprise.get(enterprise_id)
    enterprise.override(reason)
    return enterprise.save()


@transactional
def upload_commitment_letter(enterprise_id: UUID, *, content: bytes) -> CommitmentLetter:
    """Store a letter of commitment, for a commitment that names it. The same content again changes nothing."""
    enterprise = Enterprise.get(enterprise_id)
    sender = current_principal().institution or current_principal().id
    uploaded = CommitmentLetter.uploaded(enterprise.id, content, clock.now(), sender=sender)
    letter = letter_or_none(uploaded.id)
    if letter is None:
        if count_loose_letters(sender) >= enrollment_settings().loose_letters:
            raise TooManyRequests(round(enrollment_settings().letter_sweep_seconds) + 1)
        return uploaded.save()
    letter.upload_again(clock.now())
    return letter.save()


@transactional
def commit_enterprise(
    enterprise_id: UUID,
    *,
    signed_on: date,
    plan: Sequence[str],
    letter_id: UUID | None = None,
    enterprise_share_percent: int | None = None,
) -> Enterprise:
    """Record the signed commitment and the agreed plan of modules, which keeps their present versions."""
    enterprise = Enterprise.get(enterprise_id)
    faults, modules = Refusals(), list[ModuleVersion]()
    with faults.gather():
        not_in_future("/signed_on")(signed_on)
    with faults.gather():
        modules = plan_today(plan)
    with faults.gather():
        letter = _letter_to_hold(enterprise.id, letter_id)
    faults.end()
    commitment = Commitment(signed_on=signed_on, letter_id=letter_id, enterprise_share_percent=enterprise_share_percent)
    enterprise.commit(commitment, [Planned.of(enterprise.id, version) for version in modules])
    if letter is not None:
        letter.hold()
        letter.save()
    return enterprise.save()


@transactional
def enroll_enterprise(enterprise_id: UUID, *, enrolled_on: date | None = None) -> Enterprise:
    """Enroll an enterprise: the programme counts on it from now on, and its plan is told to everybody."""
    enterprise = Enterprise.get(enterprise_id)
    day = enrolled_on or clock.today(WIB)
    not_in_future("/enrolled_on")(day)
    enterprise.enroll(day)
    return enterprise.save()


@transactional
def withdraw_enterprise(enterprise_id: UUID, *, reason: str) -> Enterprise:
    """Withdraw an enterprise before its plan is completed. Its places in planned trainings are given back first."""
    enterprise = Enterprise.get(enterprise_id)
    refuse_open_places(enterprise_id)
    attended = any(journey.classroom for journey in journeys_of(enterprise_id))
    enterprise.withdraw("after_classroom" if attended else "before_classroom", reason, clock.today(WIB))
    return enterprise.save()


@transactional
def sweep_letters() -> int:
    """Delete the letters that no commitment has referred to for long enough."""
    loose = loose_letters(clock.now() - timedelta(hours=enrollment_settings().loose_letter_hours))
    for letter in loose:
        letter.delete()
    return len(loose)


def _letter_to_hold(enterprise_id: UUID, letter_id: UUID | None) -> CommitmentLetter | None:
    gate = enrollment_settings().letter_gate
    if letter_id is None:
        if gate == "on":
            raise refused("/letter_id", LETTER_MISSING)
        if gate == "warn":
            log.warning("gate passed with a warning", missing="commitment letter")
        return None
    letter = letter_or_none(letter_id)
    if letter is None or letter.enterprise_id != enterprise_id:
        raise refused("/letter_id", UNKNOWN_LETTER)
    return letter


def _size_reasons(enterprise: Enterprise) -> list[str]:
    """Return why its headcount is outside the programme's bounds; sources disagree on those (domain.md 1.3)."""
    persons, bounds = enterprise.headcount.counted().total, enrollment_settings()
    if persons < bounds.least_headcount:
        return ["too_small"]
    return ["too_large"] if persons > bounds.most_headcount else []
