"""Reads of evaluations: whether a link was used, and what may be said of a training."""

from __future__ import annotations

from uuid import UUID

from services.enrollment.catalogue.queries import module_called
from services.enrollment.evaluations.model import Evaluation, Published, UsedLink, publish
from services.enrollment.trainings.model import Training
from shared.kernel.context import unscoped


def is_used(used_id: UUID) -> bool:
    with unscoped("whether a link was used is told to whoever holds it"):
        return UsedLink.find(UsedLink.id_of(used_id)) is not None


def linked_training(training_id: UUID) -> Training | None:
    """Return the training that a signed link is about, for the holder of the link, who is not signed in."""
    with unscoped("the signed link is the permission to see its training"):
        return Training.find(training_id)


def name_of_module(training: Training) -> str:
    with unscoped("what a module is called is no secret"):
        return module_called(training.module)


def answers_of(training_id: UUID) -> Evaluation | None:
    """Return the answers about a training. Nobody is ever shown one of them."""
    with unscoped("answers are told together, and in groups, to whoever may see the training"):
        return Evaluation.find(training_id)


def published_evaluation(training_id: UUID) -> Published:
    """Return what may be said of a training that the caller may see."""
    Training.get(training_id)
    evaluation = answers_of(training_id)
    marks = [dict(answer.marks) for answer in evaluation.answers] if evaluation else []
    return publish(training_id, marks)
