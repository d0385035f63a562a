"""The page that opens first: what waits for whoever looks."""

from __future__ import annotations

from services.enrollment.attention import attention
from services.enrollment.names import enterprise_names, module_names
from services.enrollment.page_roles import READERS
from shared.web.pages import Pages, ResponseReturnValue, gettext_noop, page

PAGES = Pages("enrollment")


@PAGES.get("/overview", permits=READERS, title=gettext_noop("Overview"), nav=True, personal=True)
def overview() -> ResponseReturnValue:
    found = attention()
    return page("overview.html", found=found, names=enterprise_names(found.enterprise_ids), modules=module_names())
