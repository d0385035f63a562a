"""The pages of the module catalogue."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from services.enrollment.catalogue import commands
from services.enrollment.catalogue.model import ModuleVersion
from services.enrollment.catalogue.queries import module_names
from services.enrollment.catalogue.schemas import PublishModuleVersion
from services.enrollment.roles import EVERYBODY, PROGRAMME
from shared.kernel.context import current_principal
from shared.kernel.message import gettext_noop
from shared.web.fields import Body
from shared.web.pages.declare import Pages
from shared.web.pages.rendering import redirect_to, render

PAGES = Pages("enrollment")


@PAGES.get("/modules", permits=EVERYBODY, title=gettext_noop("Modules"), nav=("trainings", 2))
def modules() -> ResponseReturnValue:
    return render(
        "modules.html",
        versions=ModuleVersion.objects.order_by("module", "number"),
        publishes=current_principal().role in PROGRAMME,
    )


@PAGES.get("/modules/new", permits=PROGRAMME, title=gettext_noop("Publish a version of a module"))
def new_module_version() -> ResponseReturnValue:
    return render("publish_module_version.html", modules=module_names())


@PAGES.post("/modules/new", permits=PROGRAMME, body=PublishModuleVersion)
def publish_module_version(body: Body) -> ResponseReturnValue:
    commands.publish_module_version(**body)
    return redirect_to(
        "modules", flash=gettext_noop("The version is published. Journeys keep the one they began with.")
    )
