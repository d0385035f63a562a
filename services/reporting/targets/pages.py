"""Targets for people, with their history. The same commands as the API."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from services.reporting.roles import PROGRAMME, READERS
from services.reporting.targets import commands
from services.reporting.targets.model import Target
from services.reporting.targets.queries import target_coded
from services.reporting.targets.schemas import SetTarget
from shared.kernel.context import current_principal
from shared.kernel.message import gettext_noop
from shared.web.fields import Body
from shared.web.pages.declare import Pages
from shared.web.pages.forms.submitted_form import require_unchanged
from shared.web.pages.rendering import redirect_to, render

PAGES = Pages("reporting")


@PAGES.get("/targets", permits=READERS, title=gettext_noop("Targets"), nav=("results", 2))
def targets() -> ResponseReturnValue:
    return render("targets.html", targets=Target.objects.order_by("position"))


@PAGES.get("/targets/<string:code>", permits=READERS)
def target(code: str) -> ResponseReturnValue:
    shown = target_coded(code)
    return render(
        "target.html",
        heading=shown.code,
        target=shown,
        may_set=current_principal().role in PROGRAMME and shown.number is not None,
    )


@PAGES.post("/targets/<string:code>", permits=PROGRAMME, body=SetTarget)
def set_target(code: str, body: Body) -> ResponseReturnValue:
    require_unchanged(target_coded(code))
    commands.set_target(code, **body)
    return redirect_to("target", code=code, flash=gettext_noop("The target is set."))
