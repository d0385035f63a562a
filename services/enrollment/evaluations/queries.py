"""Reads of evaluations: whether a link was used, and what may be said of a training."""

from __future__ import annotations

from uuid import UUID

from services.enrollment.evaluations.model import Evaluation, Published, UsedLink, publish
from services.enrollment.trainings.model import Training
from shared.kernel.context import unscoped


def is_used(used_id: UUID) -> bool:
    return UsedLink.find(UsedLink.id_of(used_id)) is not None


def published_evaluation(training_id: UUID) -> Published:
    """Return what may be said of a training that the caller may see."""
    Training.get(training_id)
    with unscoped("answers are told together, and in groups, to whoever may see the training"):
        evaluation = Evaluation.find(training_id)
    marks = [dict(answer.marks) for answer in evaluation.answers] if evaluation else []
    return publish(training_id, marks)
