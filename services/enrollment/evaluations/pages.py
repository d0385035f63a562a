"""The page on which a participant says what a training was like, reached by the link of a letter or a slip without signing in.

Of a visit nothing is kept: the form carries no mark by which a second press would be known. A second press finds the link
used, and is told so.
"""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, Final
from uuid import UUID

from flask import make_response
from flask.typing import ResponseReturnValue
from marshmallow import fields

from services.enrollment.catalogue.queries import module_called
from services.enrollment.evaluations import commands
from services.enrollment.evaluations.labels import QUESTIONS
from services.enrollment.evaluations.queries import is_used, linked_training, name_of_module, slip_of, slips_due
from services.enrollment.evaluations.schemas import MarksSchema
from services.enrollment.roles import CLASSROOM_STAFF
from services.enrollment.rosters.attendance import was_there
from services.enrollment.settings import enrollment_settings
from services.enrollment.trainings.model import Training
from shared.access.permissions import PUBLIC
from shared.access.signed_links import PAGES as LINK_PAGES
from shared.access.signed_links import page_of, read_link
from shared.domain.errors import Invalid
from shared.kernel.message import gettext_noop
from shared.web.fields import Body
from shared.web.pages.declare import Pages
from shared.web.pages.links.qr_code import qr_code
from shared.web.pages.rendering import redirect_to, render
from shared.web.schema import Schema

PAGES = Pages("enrollment")
PURPOSE: Final = "evaluation"
ROOT: Final = LINK_PAGES[PURPOSE][1]
STATUSES: Final = {
    "used": HTTPStatus.GONE,
    "slip-ended": HTTPStatus.GONE,
    "link-expired": HTTPStatus.GONE,
    "not-delivered": HTTPStatus.CONFLICT,
    "link-not-valid": HTTPStatus.NOT_FOUND,
}


class AnsweredForm(Schema):
    """The link stands in the address."""

    LABELS = {f"marks.{code}": question for code, question in QUESTIONS.items()}  # noqa: RUF012

    marks = fields.Nested(MarksSchema, required=True)


@PAGES.get(f"{ROOT}/thanks", permits=PUBLIC, title=gettext_noop("Thank you"))
def evaluation_thanks() -> ResponseReturnValue:
    return render("evaluation_thanks.html")


@PAGES.get(f"{ROOT}/<signed>", permits=PUBLIC, title=gettext_noop("What was the training like?"))
def evaluation(signed: str) -> ResponseReturnValue:
    refusal, training = _open_link(signed)
    if refusal is not None:
        return make_response(render("evaluation_closed.html", refusal=refusal), STATUSES[refusal])
    return _questions(training, signed=signed)


@PAGES.post(f"{ROOT}/<signed>", permits=PUBLIC, body=AnsweredForm)
def answer_evaluation(signed: str, body: Body) -> ResponseReturnValue:
    opened = read_link(signed, PURPOSE, "")
    commands.answer_evaluation(
        opened.object_id, participant_id=opened.subject_id, used_id=opened.used_id, marks=body["marks"]
    )
    return redirect_to("evaluation_thanks")


@PAGES.get(f"{ROOT}/slips/<code>", permits=PUBLIC, title=gettext_noop("What was the training like?"))
def evaluation_slip(code: str) -> ResponseReturnValue:
    slip = slip_of(code)
    training = linked_training(slip.training_id) if slip else None
    refusal = "slip-ended" if training is None else "not-delivered" if training.state != "delivered" else None
    if training is None or refusal is not None:
        return make_response(render("evaluation_closed.html", refusal=refusal), STATUSES[refusal or ""])
    return _questions(training, code=code)


@PAGES.post(f"{ROOT}/slips/<code>", permits=PUBLIC, body=AnsweredForm)
def answer_on_slip(code: str, body: Body) -> ResponseReturnValue:
    commands.answer_on_slip(code, marks=body["marks"])
    return redirect_to("evaluation_thanks")


@PAGES.get("/trainings/<uuid:training_id>/slips", permits=CLASSROOM_STAFF, title=gettext_noop("Answers on paper"))
def slips(training_id: UUID) -> ResponseReturnValue:
    return _slips(Training.get(training_id), ())


@PAGES.post("/trainings/<uuid:training_id>/slips", permits=CLASSROOM_STAFF)
def print_slips(training_id: UUID) -> ResponseReturnValue:
    """Show the slips at once: what stands on them is kept nowhere."""
    return _slips(Training.get(training_id), commands.print_slips(training_id))


def _questions(training: Training, *, signed: str = "", code: str = "") -> str:
    """Ask what a training was like whoever opened a letter's link or has a slip's code."""
    return render(
        "evaluation.html",
        signed=signed,
        code=code,
        training=training,
        of=name_of_module(training),
        least=enrollment_settings().evaluation_least,
    )


def _slips(training: Training, codes: Sequence[str]) -> str:
    addresses = [page_of(PURPOSE, f"slips/{code}") for code in codes]
    return render(
        "slips.html",
        training=training,
        of=module_called(training.module),
        slips=[(address, qr_code(address, scale=4)) for address in addresses],
        number=slips_due(training),
        delivered=training.state == "delivered",
    )


def _open_link(signed: str) -> tuple[str | None, Any]:
    """Return why a link opens nothing, or None and the training that it is about."""
    try:
        opened = read_link(signed, PURPOSE, "")
    except Invalid as refused:
        return refused.errors[0].code, None
    training = linked_training(opened.object_id)
    if is_used(opened.used_id):
        return "used", None
    if training is None or training.state != "delivered":
        return "not-delivered", None
    if not was_there(opened.subject_id, training.rosters):
        return "link-not-valid", None
    return None, training
