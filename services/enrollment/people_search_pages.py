"""The page on which people are searched. What is searched for is posted, so that no name or number stands in an address."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.enrollment import commands, person_words, words
from services.enrollment.enterprise import Enterprise
from services.enrollment.names import called, enterprise_names
from services.enrollment.page_roles import STAFF
from services.enrollment.participant_commands import MOST_FOUND
from services.enrollment.schemas import FindParticipants
from shared.web.pages import Pages, ResponseReturnValue, gettext_noop, page, posted

PAGES = Pages("enrollment")


@PAGES.get("/people", permits=STAFF, title=gettext_noop("People"), nav=True)
def people_search() -> ResponseReturnValue:
    return _page(None)


@PAGES.post("/people", permits=STAFF, body=FindParticipants, personal=True)
def find_participants(body: dict[str, Any]) -> ResponseReturnValue:
    return _page(commands.find_participants(**body)["items"] if body else None)


def _page(found: list[Any] | None) -> ResponseReturnValue:
    """`found` is none where nothing was asked."""
    sent = posted()
    return page(
        "people_search.html",
        words=words,
        terms=person_words,
        found=found,
        most=MOST_FOUND,
        names=enterprise_names(one.enterprise_id for one in found or ()),
        among=_among(),
        sought=sent.values if sent else {},
    )


def _among() -> tuple[UUID, str] | None:
    """The one enterprise among whose people the visitor searches."""
    sent = posted()
    try:
        enterprise_id = UUID(sent.values.get("enterprise_id", "")) if sent else None
    except ValueError:
        enterprise_id = None
    enterprise = Enterprise.find(enterprise_id) if enterprise_id else None
    return (enterprise.id, called(enterprise)) if enterprise else None
