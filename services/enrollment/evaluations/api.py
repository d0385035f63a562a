"""Evaluations over HTTP: participants answer by a signed link, without a token; others read what is published."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.enrollment.evaluations import commands
from services.enrollment.evaluations.model import Published
from services.enrollment.evaluations.queries import published_evaluation
from services.enrollment.evaluations.schemas import AnswerEvaluation, EvaluationView, ThanksView
from services.enrollment.roles import EVALUATION_READERS
from shared.access.permissions import PUBLIC
from shared.access.signed_links import read_link
from shared.web.api.routes import Routes
from shared.web.fields import Body

evaluations = Routes("evaluations", description="What participants think of a training")


@evaluations.post(
    "/v1/evaluations", permits=PUBLIC, body=AnswerEvaluation, returns=ThanksView, created=True, serialised=True
)
def answer_evaluation(body: Body) -> dict[str, Any]:
    link = read_link(body["link"], "evaluation", "/link")
    commands.answer_evaluation(
        link.object_id, participant_id=link.subject_id, used_id=link.used_id, marks=body["marks"]
    )
    return {"training_id": link.object_id}


@evaluations.get("/v1/trainings/<uuid:training_id>/evaluation", permits=EVALUATION_READERS, returns=EvaluationView)
def show_evaluation(training_id: UUID) -> Published:
    return published_evaluation(training_id)
