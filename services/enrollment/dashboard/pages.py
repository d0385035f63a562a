"""The page that opens first: what waits for whoever looks."""

from __future__ import annotations

from services.enrollment.catalogue.queries import module_names
from services.enrollment.dashboard.queries import attention
from services.enrollment.enterprises.queries import enterprise_names
from services.enrollment.roles import READERS
from shared.web.pages import ResponseReturnValue
from shared.web.pages.language import gettext_noop
from shared.web.pages.rendering import page
from shared.web.pages.surface import Pages

PAGES = Pages("enrollment")


@PAGES.get("/overview", permits=READERS, title=gettext_noop("Overview"), nav=1, personal=True)
def overview() -> ResponseReturnValue:
    found = attention()
    return page("overview.html", found=found, names=enterprise_names(found.enterprise_ids), modules=module_names())
