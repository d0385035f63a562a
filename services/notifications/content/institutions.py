"""What is told to a partner institution: that it takes part or no longer does, and what waits for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from services.notifications.content.kind import Content, Heard, Kind
from services.notifications.content.told import Told
from shared.contracts.events.enrollment import (
    InstitutionRegistered,
    InstitutionRestored,
    InstitutionSuspended,
    TrainerConflictFound,
)
from shared.i18n.language import gettext as _
from shared.kernel.message import gettext_noop

INSTITUTION: Final[Mapping[str, Any]] = {"institution_id": "0196f0a2-0000-7000-8000-0000000000b1"}
TO_IT: Final[Mapping[Any, str]] = {"institution": "institution_id"}
KEPT: Final = ("institution_id",)


def registered(told: Told) -> Content:
    return Content(
        _("Your institution is a partner of the programme"),
        (
            _("Your institution is entered in the register of the programme's partners."),
            _("The programme tells you how your staff sign in. If anything is unclear, simply reply to this letter."),
        ),
        _which(told),
    )


def suspended(told: Told) -> Content:
    return Content(
        _("Your institution does not take part in the programme for now"),
        (
            _("Your institution was suspended: its staff and trainers cannot sign in until it is admitted again."),
            _("If you have a question or do not agree, simply reply to this letter."),
        ),
        _which(told),
    )


def restored(told: Told) -> Content:
    return Content(
        _("Your institution takes part in the programme again"),
        (_("Your institution is admitted again: its staff and trainers can sign in as before."),),
        _which(told),
    )


def _which(told: Told) -> tuple[tuple[str, str], ...]:
    return ((_("Institution"), told.name("institution_id")),)


def trainer_conflict(told: Told) -> Content:
    return Content(
        _("Please name another lead trainer: %(module)s, %(day)s", module=told.module(), day=told.first_day()),
        (
            _("The lead trainer of this training has no valid certificate on these days. The training stays planned; "
              "please name another lead trainer, or move it."),
        ),
        (
            (_("Module"), told.module()),
            (_("Days"), told.days()),
            (_("Lead trainer"), told.name("lead_trainer_id")),
        ),
        button=(_("See the training"), told.page("enrollment", f"/trainings/{told.word('training_id')}")),
    )  # fmt: skip


KINDS: Final[Mapping[str, Kind]] = {
    "institution_registered": Kind(
        gettext_noop("Partner registered"), registered, INSTITUTION,
        (Heard(InstitutionRegistered, TO_IT, KEPT, institution="institution_id"),), optional=True, topic="results",
    ),
    "institution_suspended": Kind(
        gettext_noop("Partner suspended"), suspended, INSTITUTION,
        (
            Heard(
                InstitutionSuspended, TO_IT, KEPT, institution="institution_id", thing="institution_id",
                overtakes=("institution_restored",),
            ),
        ), must_arrive=True,
    ),
    "institution_restored": Kind(
        gettext_noop("Partner admitted again"), restored, INSTITUTION,
        (
            Heard(
                InstitutionRestored, TO_IT, KEPT, institution="institution_id", thing="institution_id",
                overtakes=("institution_suspended",),
            ),
        ), optional=True, topic="results",
    ),
    "trainer_conflict": Kind(
        gettext_noop("Lead trainer without a certificate"), trainer_conflict,
        {"training_id": "0196f0a2-0000-7000-8000-000000000001", "module": "M1", "days": ["2027-03-09"],
         "lead_trainer_id": "0196f0a2-0000-7000-8000-0000000000f1"},
        (
            Heard(
                TrainerConflictFound, {"institution": "provider_id"},
                ("training_id", "module", "provider_id", "lead_trainer_id", "days"), ("days",), thing="training_id",
                instead_of=("trainer_conflict",),
            ),
        ), optional=True, topic="trainings",
    ),
}  # fmt: skip
