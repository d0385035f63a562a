"""Readings for people: an enterprise's series, what is read at a visit, who may see it, how it changed over many."""

from __future__ import annotations

from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue

from services.consulting.enterprises.model import EnterpriseScope
from services.consulting.readings import commands
from services.consulting.readings.indicators import entered_indicators, indicators
from services.consulting.readings.queries import (
    LATER_STAGES,
    changes,
    province_of,
    readings_of,
    series_of,
    viewers_to_choose,
)
from services.consulting.readings.schemas import EnterReadings, ReleaseReadings
from services.consulting.roles import AUTHORS, OF_MANY, READERS, READING_READERS, RELEASERS
from services.consulting.settings import consulting_settings
from services.consulting.visits import commands as visits_commands
from services.consulting.visits.model import Visit
from shared.domain.errors import NotFound
from shared.kernel.context import current_principal
from shared.kernel.message import gettext_noop
from shared.web.fields import Body
from shared.web.pages.declare import Pages
from shared.web.pages.forms.submitted_form import require_unchanged
from shared.web.pages.parties import party_name, party_names
from shared.web.pages.rendering import redirect_to, render

PAGES = Pages("consulting")
OF_ENTERPRISE = "/readings/<uuid:enterprise_id>"
OF_VISIT = "/visits/<uuid:visit_id>/readings"


@PAGES.get(OF_ENTERPRISE, permits=READING_READERS, title=gettext_noop("Readings"), personal=True)
def enterprise_readings(enterprise_id: UUID) -> ResponseReturnValue:
    series = series_of(enterprise_id)
    if not series and EnterpriseScope.find(enterprise_id) is None:
        raise NotFound("EnterpriseScope", enterprise_id)
    return render(
        "enterprise_readings.html",
        heading=party_name(enterprise_id),
        enterprise_id=enterprise_id,
        series=series,
        releases=current_principal().role in RELEASERS,
        names_assessments=current_principal().role in READERS,
    )


@PAGES.get(f"{OF_ENTERPRISE}/release", permits=RELEASERS, title=gettext_noop("Who sees the readings"), personal=True)
def enterprise_releases(enterprise_id: UUID) -> ResponseReturnValue:
    enterprise = EnterpriseScope.get(enterprise_id)
    released = enterprise.viewers()
    chosen = [pair for pair in viewers_to_choose() if pair[0] not in released]
    return render(
        "enterprise_releases.html",
        enterprise=enterprise,
        heading=party_name(enterprise_id),
        names=party_names(release.viewer_id for release in enterprise.releases),
        viewers=chosen,
        fewest=consulting_settings().fewest_persons,
    )


@PAGES.post(f"{OF_ENTERPRISE}/release", permits=RELEASERS, body=ReleaseReadings)
def release_readings(enterprise_id: UUID, body: Body) -> ResponseReturnValue:
    commands.release_readings(enterprise_id, **body)
    flash = gettext_noop("The readings are released to this institution.")
    return redirect_to("enterprise_releases", enterprise_id=enterprise_id, flash=flash)


@PAGES.post(f"{OF_ENTERPRISE}/release/<uuid:viewer_id>/withdrawal", permits=RELEASERS, shows="enterprise_releases")
def withdraw_release(enterprise_id: UUID, viewer_id: UUID) -> ResponseReturnValue:
    commands.withdraw_release(enterprise_id, viewer_id)
    flash = gettext_noop("The institution no longer sees the readings.")
    return redirect_to("enterprise_releases", enterprise_id=enterprise_id, flash=flash)


@PAGES.get(OF_VISIT, permits=AUTHORS, title=gettext_noop("Readings of the visit"), personal=True)
def visit_readings(visit_id: UUID) -> ResponseReturnValue:
    visit = Visit.get(visit_id)
    return render(
        "visit_readings.html",
        visit=visit,
        enterprise=party_name(visit.enterprise_id),
        indicators=entered_indicators(),
        held={(reading.indicator, reading.sex): reading.current for reading in readings_of(visit.id)},
    )


@PAGES.post(OF_VISIT, permits=AUTHORS, body=EnterReadings)
def enter_readings(visit_id: UUID, body: Body) -> ResponseReturnValue:
    require_unchanged(Visit.get(visit_id))
    visits_commands.enter_readings(visit_id, **body)
    return redirect_to("visit", visit_id=visit_id, flash=gettext_noop("The readings are entered."))


@PAGES.get("/changes", permits=OF_MANY, title=gettext_noop("What changed"), nav=("visits", 4))
def reading_changes() -> ResponseReturnValue:
    asked = request.args.get("stage", "")
    stage = asked if asked in LATER_STAGES else LATER_STAGES[0]
    return render(
        "reading_changes.html",
        stage=stage,
        stages=LATER_STAGES,
        found=changes(stage, province_of(current_principal())),
        fewest=consulting_settings().fewest_enterprises,
        indicators=indicators(),
    )
