"""The forms by which the programme grants certificates and takes them away."""

from __future__ import annotations

from datetime import timedelta
from typing import Final
from uuid import UUID

from flask.typing import ResponseReturnValue

from services.certification.catalogue.queries import module_codes
from services.certification.qualifications import commands
from services.certification.qualifications.model import Qualification
from services.certification.qualifications.schemas import (
    GrantHistoricCertificate,
    RevokeCertificate,
    SuspendCertificate,
)
from services.certification.roles import PROGRAMME, RENEWERS
from services.certification.settings import certification_settings
from services.certification.trainers.model import Trainer
from shared.i18n.language import gettext, ngettext
from shared.i18n.module_titles import module_title
from shared.kernel import clock
from shared.kernel.message import gettext_noop
from shared.web.fields import Body
from shared.web.pages.declare import Pages, Thing, Work
from shared.web.pages.forms.submitted_form import require_unchanged
from shared.web.pages.rendering import link, redirect_to, render

PAGES = Pages("certification")
NAMED: Final = 4  # of what waits; the list holds the rest


@PAGES.waits(permits=RENEWERS)
def certificates_that_end() -> Work | None:
    config = certification_settings()
    last_day = clock.today(config.zone) + timedelta(days=config.ending_days)
    ending = sorted(Qualification.objects(state="certified", valid_to__lte=last_day), key=lambda row: row.valid_to)
    if not ending:
        return None
    shown = ending[:NAMED]
    names = {row.id: row.name or "" for row in Trainer.objects(id__in=[row.trainer_id for row in shown])}
    things = tuple(
        Thing(
            f"{names.get(row.trainer_id) or gettext('Erased person')}: {module_title(row.module)}",
            link("trainer", trainer_id=row.trainer_id),
            row.valid_to,
        )
        for row in shown
    )
    title = ngettext("%(num)s certificate ends", "%(num)s certificates end", len(ending))
    return Work(title, link("trainers"), len(ending), things[0].due_on, None, things)


@PAGES.get(
    "/trainers/<uuid:trainer_id>/certificates/new",
    permits=PROGRAMME,
    title=gettext_noop("Grant a historic certificate"),
    personal=True,
)
def new_certificate(trainer_id: UUID) -> ResponseReturnValue:
    return render(
        "grant.html",
        trainer=Trainer.get(trainer_id),
        modules=[(code, module_title(code)) for code in module_codes()],
        months=certification_settings().certificate_months,
    )


@PAGES.post(
    "/trainers/<uuid:trainer_id>/certificates/new", permits=PROGRAMME, body=GrantHistoricCertificate, personal=True
)
def grant_historic_certificate(trainer_id: UUID, body: Body) -> ResponseReturnValue:
    granted = commands.grant_historic_certificate(trainer_id, **body)
    flash = gettext_noop("Certificate %(number)s is granted.")
    return redirect_to("trainer", trainer_id=trainer_id, flash=flash, values={"number": granted.certificate.number})


@PAGES.post(
    "/trainers/<uuid:trainer_id>/qualifications/<uuid:qualification_id>/suspension",
    permits=PROGRAMME,
    body=SuspendCertificate,
    shows="trainer",
)
def suspend_certificate(trainer_id: UUID, qualification_id: UUID, body: Body) -> ResponseReturnValue:
    require_unchanged(Qualification.get(qualification_id))
    commands.suspend_certificate(qualification_id, **body)
    return redirect_to("trainer", trainer_id=trainer_id, flash=gettext_noop("The certificate is suspended."))


@PAGES.post(
    "/trainers/<uuid:trainer_id>/qualifications/<uuid:qualification_id>/restoration", permits=PROGRAMME, shows="trainer"
)
def lift_suspension(trainer_id: UUID, qualification_id: UUID) -> ResponseReturnValue:
    require_unchanged(Qualification.get(qualification_id))
    commands.lift_suspension(qualification_id)
    return redirect_to("trainer", trainer_id=trainer_id, flash=gettext_noop("The certificate is valid again."))


@PAGES.post(
    "/trainers/<uuid:trainer_id>/qualifications/<uuid:qualification_id>/revocation",
    permits=PROGRAMME,
    body=RevokeCertificate,
    shows="trainer",
)
def revoke_certificate(trainer_id: UUID, qualification_id: UUID, body: Body) -> ResponseReturnValue:
    require_unchanged(Qualification.get(qualification_id))
    commands.revoke_certificate(qualification_id, **body)
    return redirect_to("trainer", trainer_id=trainer_id, flash=gettext_noop("The certificate is revoked."))
