"""The page on which the programme sees which providers wanted to register an enterprise that another one has."""

from __future__ import annotations

from itertools import chain

from flask.typing import ResponseReturnValue

from services.enrollment.duplicates.model import Comparisons
from services.enrollment.duplicates.schemas import ComparisonsView
from services.enrollment.enterprises.queries import enterprise_names
from services.enrollment.institutions.queries import institution_names
from services.enrollment.roles import NEWEST_FIRST, OVERSEERS
from shared.kernel.message import gettext_noop
from shared.web.pages.declare import Pages
from shared.web.pages.listing import paginate
from shared.web.pages.rendering import render

PAGES = Pages("enrollment")


@PAGES.get(
    "/comparisons",
    permits=OVERSEERS,
    title=gettext_noop("Registered elsewhere"),
    nav=("enterprises", 7),
    rows=ComparisonsView,
    names={"institution_id": institution_names},
)
def comparisons() -> ResponseReturnValue:
    found = paginate(Comparisons.objects, sort=NEWEST_FIRST)
    return render(
        "comparisons.html",
        found=found,
        providers=institution_names(row.institution_id for row in found.rows),
        names=enterprise_names(chain.from_iterable(row.enterprise_ids for row in found.rows)),
    )
