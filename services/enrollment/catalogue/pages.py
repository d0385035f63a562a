"""The page of the module catalogue."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from services.enrollment.catalogue.model import ModuleVersion
from services.enrollment.roles import EVERYBODY
from shared.kernel.message import gettext_noop
from shared.web.pages.declare import Pages
from shared.web.pages.rendering import render

PAGES = Pages("enrollment")


@PAGES.get("/modules", permits=EVERYBODY, title=gettext_noop("Modules"), nav=("trainings", 2))
def modules() -> ResponseReturnValue:
    return render("modules.html", versions=ModuleVersion.objects.order_by("module", "number"))
