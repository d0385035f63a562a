"""The page of the module catalogue."""

from __future__ import annotations

from services.enrollment.catalogue.model import ModuleVersion
from shared.web.pages import ResponseReturnValue
from shared.web.pages.language import gettext_noop
from shared.web.pages.rendering import page
from shared.web.pages.surface import Pages
from shared.web.permissions import ROLES

PAGES = Pages("enrollment")


@PAGES.get("/modules", permits=tuple(sorted(ROLES)), title=gettext_noop("Modules"), nav=6)
def modules() -> ResponseReturnValue:
    return page("modules.html", versions=ModuleVersion.objects.order_by("module", "number"))
