"""Says what waits for whoever signs in: visits to plan, reports to write, to complete, to confirm and to review."""

from __future__ import annotations

from typing import Final

from services.consulting.plans.queries import plans_with_late_actions
from services.consulting.roles import AUTHORS, OWNERS, PLANNERS, READERS, STAFF, TRAINERS
from services.consulting.settings import today
from services.consulting.visits.model import Visit
from shared.i18n.language import gettext, ngettext
from shared.i18n.module_titles import module_title
from shared.web.pages.declare import Pages, Thing, Work
from shared.web.pages.parties import party_names
from shared.web.pages.rendering import link

PAGES = Pages("consulting")
NAMED: Final = 4  # of what waits; the list holds the rest


@PAGES.waits(permits=TRAINERS)
def unplanned_visits() -> Work | None:
    waiting = _visits("to_plan")
    title = ngettext("%(num)s visit is not planned yet", "%(num)s visits are not planned yet", len(waiting))
    return _work("to_plan", waiting, title, gettext("The training provider plans it. Tell it which days suit you."))


@PAGES.waits(permits=STAFF)
def visits_to_plan() -> Work | None:
    waiting = _visits("to_plan")
    title = ngettext("Plan %(num)s visit", "Plan %(num)s visits", len(waiting))
    return _work("to_plan", waiting, title, gettext("Their classroom is over, and the module needs them."))


@PAGES.waits(permits=AUTHORS)
def reports_to_write() -> Work | None:
    due = [visit for visit in _visits("scheduled") if visit.planned_on <= today()]
    title = ngettext("Report on %(num)s visit", "Report on %(num)s visits", len(due))
    return _work("scheduled", due, title, gettext("Their day has come. A visit counts once its report is accepted."))


@PAGES.waits(permits=AUTHORS)
def returned_reports() -> Work | None:
    returned = _visits("returned")
    title = ngettext("Complete %(num)s returned report", "Complete %(num)s returned reports", len(returned))
    return _work("returned", returned, title, None)


@PAGES.waits(permits=STAFF)
def reports_to_review() -> Work | None:
    reported = _visits("reported")
    title = ngettext("Review %(num)s report of a visit", "Review %(num)s reports of visits", len(reported))
    return _work("reported", reported, title, None, link("review_queue"))


@PAGES.waits(permits=OWNERS)
def visits_to_confirm() -> Work | None:
    reported = [visit for visit in _visits("reported") if visit.confirmation is None]
    title = ngettext("Confirm %(num)s visit", "Confirm %(num)s visits", len(reported))
    return _work("reported", reported, title, gettext("Say whether it took place as the trainer reported."))


@PAGES.waits(permits=PLANNERS)
def late_actions() -> Work | None:
    late = plans_with_late_actions(today())
    if not late:
        return None
    names = party_names(plan.enterprise_id for plan in late[:NAMED])
    things = tuple(
        Thing(
            gettext(
                "%(enterprise)s: %(module)s", enterprise=names[plan.enterprise_id], module=module_title(plan.module)
            ),
            link("plan", plan_id=plan.id),
            plan.next_due_on,
        )
        for plan in late[:NAMED]
    )
    count = sum(len(plan.late_actions(today())) for plan in late)
    title = ngettext("%(num)s action of a plan is late", "%(num)s actions of plans are late", count)
    return Work(title, link("plans", state="approved"), count, things[0].due_on, None, things)


@PAGES.waits(permits=READERS)
def visits_to_come() -> Work | None:
    ahead = [visit for visit in _visits("scheduled") if visit.planned_on > today()]
    return _work("scheduled", ahead, ngettext("%(num)s visit to come", "%(num)s visits to come", len(ahead)), None)


def _visits(state: str) -> list[Visit]:
    return sorted(Visit.objects(state=state), key=lambda visit: (visit.planned_on or visit.due_on, visit.id))


def _work(state: str, found: list[Visit], title: str, text: str | None, where: str = "") -> Work | None:
    """Return work about visits, which come soonest first; what is planned is due on its day, what is to be planned by its own."""
    if not found:
        return None
    dated = state in ("to_plan", "scheduled")
    shown = found[:NAMED]
    names = party_names(visit.enterprise_id for visit in shown)
    things = tuple(
        Thing(
            gettext(
                "%(enterprise)s: %(module)s, visit %(number)s",
                enterprise=names[visit.enterprise_id],
                module=module_title(visit.module),
                number=visit.number,
            ),
            link("visit", visit_id=visit.id),
            (visit.planned_on or visit.due_on) if dated else None,
        )
        for visit in shown
    )
    return Work(title, where or link("visits", state=state), len(found), things[0].due_on, text, things)
