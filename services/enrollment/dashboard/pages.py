"""The page that opens first: what waits for whoever looks."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from services.enrollment.catalogue.queries import module_names
from services.enrollment.dashboard.queries import attention
from services.enrollment.enterprises.queries import enterprise_names
from services.enrollment.roles import READERS
from shared.kernel.message import gettext_noop
from shared.web.pages.declare import Pages
from shared.web.pages.rendering import render

PAGES = Pages("enrollment")


@PAGES.get("/overview", permits=READERS, title=gettext_noop("Overview"), nav=1, personal=True)
def overview() -> ResponseReturnValue:
    waiting = attention()
    return render(
        "overview.html", found=waiting, names=enterprise_names(waiting.enterprise_ids), modules=module_names()
    )
