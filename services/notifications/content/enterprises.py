"""What is told to an enterprise of its way through the programme, from its registration to its graduation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from services.notifications.content.kind import Content, Heard, Kind
from services.notifications.content.told import Told
from shared.contracts.events.consulting import BaselineAssessed, EndlineAssessed, FollowUpAssessed, PlanApproved
from shared.contracts.events.enrollment import (
    EnterpriseEnrolled,
    EnterpriseGraduated,
    EnterpriseProviderChanged,
    EnterpriseRegistered,
    EnterpriseScreened,
    EnterpriseWithdrawn,
    ModuleCompleted,
    ModuleCompletionReversed,
    ModuleLapsed,
)
from shared.i18n.language import gettext as _
from shared.kernel.message import gettext_noop

TO_IT: Final[Mapping[Any, str]] = {"enterprise": "enterprise_id"}
MISSING: Final[Mapping[str, str]] = {
    "classroom": gettext_noop("the training days in the classroom"),
    "attendance": gettext_noop("managers and workers who are there on every training day"),
    "visits": gettext_noop("the visits of the trainer in your enterprise"),
}
AGAINST: Final[Mapping[str, str]] = {
    "not_operating": gettext_noop("It is not operating"),
    "no_owner_support": gettext_noop("Its owner does not support the programme"),
    "outside_sectors": gettext_noop("Its sector is not one of the programme's"),
    "unsafe_site": gettext_noop("The site is not safe to visit"),
    "duplicate": gettext_noop("It is registered twice"),
    "too_small": gettext_noop("It has too few workers"),
    "too_large": gettext_noop("It has too many workers"),
}
ENTERPRISE: Final[Mapping[str, Any]] = {
    "enterprise_id": "0196f0a2-0000-7000-8000-0000000000e1",
    "provider_id": "0196f0a2-0000-7000-8000-0000000000b1",
}
MODULE: Final = {**ENTERPRISE, "module": "M1", "journey_id": "0196f0a2-0000-7000-8000-0000000000a1"}


def registered(told: Told) -> Content:
    return Content(
        _("We have received the registration of your enterprise"),
        (
            _("Thank you for your interest in SCORE. Your enterprise is registered with this training provider."),
            _(
                "Next, the provider finds out whether the programme suits your enterprise, and then speaks "
                "with you. You need not do anything now."
            ),
        ),
        _provider(told),
    )


def screened(told: Told) -> Content:
    if told.has("eligible"):
        return Content(
            _("Your enterprise may take part in the programme"),
            (
                _("The result of the screening is here: the programme suits your enterprise."),
                _("Next, your training provider agrees with you on the commitment and on the modules."),
            ),
            _provider(told),
        )
    return Content(
        _("The programme does not suit your enterprise at present"),
        (
            _(
                "Thank you for your interest in SCORE. The result of the screening is that your enterprise cannot take part."
            ),
            _("If something has changed, or if you do not agree, please speak with your training provider."),
        ),
        (
            (_("Reason"), "\n".join(_(AGAINST[code]) for code in told.about["reasons"] if code in AGAINST)),
            *_provider(told),
        ),
    )


def enrolled(told: Told) -> Content:
    return Content(
        _("Welcome to the programme"),
        (
            _("Your enterprise now takes part in SCORE. Thank you for signing the commitment."),
            _("These are the modules that you chose. Before each training we send you an invitation."),
        ),
        ((_("Modules"), told.modules("plan")), *_provider(told)),
    )


def provider_changed(told: Told) -> Content:
    return Content(
        _("Another training provider looks after your enterprise"),
        (_("From now on this training provider looks after your enterprise. Please address your questions there."),),
        (*_provider(told), (_("Since"), told.day("changed_on"))),
    )


def graduated(told: Told) -> Content:
    return Content(
        _("Congratulations: your enterprise has completed its modules"),
        (_("Your enterprise has completed all modules of its plan. Congratulations to everyone who took part!"),),
        ((_("Modules"), told.modules("modules")), (_("Completed on"), told.day("graduated_on")), *_provider(told)),
    )


def withdrawn(told: Told) -> Content:
    return Content(
        _("Your enterprise has left the programme"),
        (
            _(
                "We have noted that your enterprise no longer takes part in the programme. Thank you for "
                "the time together."
            ),
            _("If this is a mistake, or if you would like to come back, please speak with your training provider."),
        ),
        ((_("Left on"), told.day("withdrawn_on")), *_provider(told)),
    )


def completed(told: Told) -> Content:
    visits = len(told.about.get("visit_ids") or ())
    return Content(
        _("Your enterprise has completed %(module)s", module=told.module()),
        (
            _(
                "Congratulations: the training and the visits of this module are done, and the module "
                "counts as completed."
            ),
        ),
        (
            (_("Module"), told.module()),
            (_("Completed on"), told.day("completed_on")),
            (_("Visits that count"), str(visits or "")),
            *_provider(told),
        ),
    )


def reopened(told: Told) -> Content:
    return Content(
        _("%(module)s does not count as completed at present", module=told.module()),
        (
            _(
                "What we told you of this module has to be corrected: a training or a visit no longer "
                "counts, so the module is open again."
            ),
            _("Your training provider tells you what is needed to complete it."),
        ),
        ((_("Module"), told.module()), *_provider(told)),
    )


def lapsed(told: Told) -> Content:
    return Content(
        _("%(module)s was not completed in time", module=told.module()),
        (
            _(
                "The time for this module is over, and something is still missing. Please speak with your "
                "training provider if you would like to take it again."
            ),
        ),
        (
            (_("Module"), told.module()),
            (
                _("Still missing"),
                "\n".join(_(MISSING[part]) for part in told.about.get("missing") or () if part in MISSING),
            ),
            *_provider(told),
        ),
    )


def assessed(told: Told) -> Content:
    return Content(
        _("Your enterprise was assessed on %(day)s", day=told.day("assessed_on")),
        (
            _(
                "A trainer of the programme looked with you at how your enterprise works. What was found, and your "
                "figures beside those of earlier times, are on a page that you and your training provider see."
            ),
        ),
        ((_("Enterprise"), told.name("enterprise_id")), (_("Trainer"), told.name("trainer_id"))),
        button=(_("See the figures"), told.page("consulting", f"/readings/{told.word('enterprise_id')}")),
    )


def plan_agreed(told: Told) -> Content:
    return Content(
        _("The improvement plan of %(module)s is agreed", module=told.module()),
        (
            _(
                "The owner and the workers' representatives approved what your enterprise improves next. The actions "
                "and their days are on the page of the plan."
            ),
        ),
        (
            (_("Enterprise"), told.name("enterprise_id")),
            (_("Module"), told.module()),
            (_("Approved on"), told.day("approved_on")),
        ),
        button=(_("See the plan"), told.page("consulting", f"/improvement-plans/{told.word('plan_id')}")),
    )


def _provider(told: Told) -> tuple[tuple[str, str], ...]:
    return ((_("Training provider"), told.name_and_phone("provider_id")),)


KINDS: Final[Mapping[str, Kind]] = {
    "application_received": Kind(
        gettext_noop("Registration received"), registered, ENTERPRISE,
        (Heard(EnterpriseRegistered, TO_IT, ("enterprise_id", "provider_id")),), optional=True, topic="results",
    ),
    "enterprise_screened": Kind(
        gettext_noop("Result of the screening"), screened, {**ENTERPRISE, "eligible": False, "reasons": ["too_small"]},
        (
            Heard(
                EnterpriseScreened, TO_IT, ("enterprise_id", "provider_id", "eligible", "reasons"), thing="enterprise_id",
                instead_of=("enterprise_screened",),
            ),
        ), optional=True, topic="results",
    ),
    "enterprise_enrolled": Kind(
        gettext_noop("Welcome to the programme"), enrolled, {**ENTERPRISE, "plan": ["M1", "M2"]},
        (Heard(EnterpriseEnrolled, TO_IT, ("enterprise_id", "provider_id", "plan")),), optional=True, topic="results",
    ),
    "provider_changed": Kind(
        gettext_noop("Another training provider"), provider_changed, {**ENTERPRISE, "changed_on": "2027-02-01"},
        (Heard(EnterpriseProviderChanged, TO_IT, ("enterprise_id", "provider_id", "changed_on")),), optional=True,
        topic="results",
    ),
    "module_completed": Kind(
        gettext_noop("Module completed"), completed,
        {**MODULE, "completed_on": "2027-05-04", "visit_ids": ["0196f0a2-0000-7000-8000-0000000000c1"] * 3},
        (
            Heard(
                ModuleCompleted, TO_IT, ("enterprise_id", "provider_id", "module", "journey_id", "completed_on", "visit_ids"),
                thing="journey_id", overtakes=("module_reopened", "module_lapsed"),
            ),
        ), optional=True, topic="results",
    ),
    "module_reopened": Kind(
        gettext_noop("Module no longer completed"), reopened, MODULE,
        (
            Heard(
                ModuleCompletionReversed, TO_IT, ("enterprise_id", "provider_id", "module", "journey_id"),
                thing="journey_id", overtakes=("module_completed",),
            ),
        ), optional=True, topic="results",
    ),
    "module_lapsed": Kind(
        gettext_noop("Module not completed in time"), lapsed, {**MODULE, "missing": ["visits"]},
        (Heard(ModuleLapsed, TO_IT, ("enterprise_id", "provider_id", "module", "journey_id", "missing")),), optional=True,
        topic="results",
    ),
    "enterprise_graduated": Kind(
        gettext_noop("All modules completed"), graduated, {**ENTERPRISE, "modules": ["M1", "M2"], "graduated_on": "2027-11-16"},
        (Heard(EnterpriseGraduated, TO_IT, ("enterprise_id", "provider_id", "modules", "graduated_on")),), optional=True,
        topic="results",
    ),
    "enterprise_withdrawn": Kind(
        gettext_noop("Enterprise left the programme"), withdrawn, {**ENTERPRISE, "withdrawn_on": "2027-02-01"},
        (Heard(EnterpriseWithdrawn, TO_IT, ("enterprise_id", "provider_id", "withdrawn_on")),), optional=True, topic="results",
    ),
    "enterprise_assessed": Kind(
        gettext_noop("Enterprise assessed"), assessed,
        {**ENTERPRISE, "trainer_id": "0196f0a2-0000-7000-8000-0000000000f1", "assessed_on": "2027-02-01"},
        tuple(
            Heard(event, TO_IT, ("assessment_id", "enterprise_id", "provider_id", "trainer_id", "assessed_on"),
                  thing="assessment_id", instead_of=("enterprise_assessed",))
            for event in (BaselineAssessed, EndlineAssessed, FollowUpAssessed)
        ), optional=True, topic="results",
    ),
    "plan_agreed": Kind(
        gettext_noop("Improvement plan agreed"), plan_agreed,
        {**MODULE, "plan_id": "0196f0a2-0000-7000-8000-0000000000a2", "approved_on": "2027-03-24"},
        (
            Heard(
                PlanApproved, TO_IT, ("plan_id", "enterprise_id", "module", "approved_on"), thing="plan_id",
                instead_of=("plan_agreed",),
            ),
        ), optional=True, topic="results",
    ),
}  # fmt: skip
