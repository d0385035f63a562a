"""The page on which a participant says what a training was like, reached by the signed link of a letter without signing in.

Of a visit nothing is kept: the form carries no mark by which a second press would be known. A second press finds the link
used, and is told so.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any, Final

from flask import make_response
from flask.typing import ResponseReturnValue
from marshmallow import fields

from services.enrollment.evaluations import commands
from services.enrollment.evaluations.queries import is_used, linked_training, name_of_module
from services.enrollment.evaluations.schemas import MarksSchema
from services.enrollment.rosters.attendance import was_there
from services.enrollment.settings import enrollment_settings
from shared.access.permissions import PUBLIC
from shared.access.signed_links import PAGES as LINK_PAGES
from shared.access.signed_links import Link, read_link
from shared.domain.errors import Invalid
from shared.kernel.message import gettext_noop
from shared.web.fields import Body
from shared.web.pages.declare import Pages
from shared.web.pages.rendering import redirect_to, render
from shared.web.schema import Schema

PAGES = Pages("enrollment")
PURPOSE: Final = "evaluation"
ROOT: Final = LINK_PAGES[PURPOSE][1]
STATUSES: Final = {
    "used": HTTPStatus.GONE,
    "link-expired": HTTPStatus.GONE,
    "not-delivered": HTTPStatus.CONFLICT,
    "link-not-valid": HTTPStatus.NOT_FOUND,
}


class AnsweredForm(Schema):
    """The link stands in the address."""

    marks = fields.Nested(MarksSchema, required=True)


@PAGES.get(f"{ROOT}/thanks", permits=PUBLIC, title=gettext_noop("Thank you"))
def evaluation_thanks() -> ResponseReturnValue:
    return render("evaluation_thanks.html")


@PAGES.get(f"{ROOT}/<signed>", permits=PUBLIC, title=gettext_noop("What was the training like?"))
def evaluation(signed: str) -> ResponseReturnValue:
    refusal, training = _open_link(signed)
    if refusal is not None:
        return make_response(render("evaluation_closed.html", refusal=refusal), STATUSES[refusal])
    return render(
        "evaluation.html",
        signed=signed,
        training=training,
        of=name_of_module(training),
        least=enrollment_settings().evaluation_least,
    )


@PAGES.post(f"{ROOT}/<signed>", permits=PUBLIC, body=AnsweredForm)
def answer_evaluation(signed: str, body: Body) -> ResponseReturnValue:
    link = read_link(signed, PURPOSE, "")
    commands.answer_evaluation(
        link.object_id, participant_id=link.subject_id, used_id=link.used_id, marks=body["marks"]
    )
    return redirect_to("evaluation_thanks")


def _open_link(signed: str) -> tuple[str | None, Any]:
    """Return why a link opens nothing, or None and the training that it is about."""
    try:
        link: Link = read_link(signed, PURPOSE, "")
    except Invalid as refused:
        return refused.errors[0].code, None
    training = linked_training(link.object_id)
    if is_used(link.used_id):
        return "used", None
    if training is None or training.state != "delivered":
        return "not-delivered", None
    if not was_there(link.subject_id, training.rosters):
        return "link-not-valid", None
    return None, training
