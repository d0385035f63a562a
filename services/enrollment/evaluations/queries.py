"""Reads of evaluations: whether a link was used, and what may be said of a training."""

from __future__ import annotations

from uuid import UUID

from services.enrollment.catalogue.queries import module_called
from services.enrollment.evaluations.model import Evaluation, Published, UsedLink, publish
from services.enrollment.evaluations.slips import Slip, without_letter
from services.enrollment.people.queries import participants_by_id
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


def slip_of(code: str) -> Slip | None:
    with unscoped("whoever holds a slip has no account"):
        return Slip.find(Slip.id_of(code))


def unused_slips(training_id: UUID) -> list[Slip]:
    with unscoped("slips are nobody's, and end together"):
        return list(Slip.objects(training_id=training_id))


def slips_due(training: Training) -> int:
    """Return for how many of a training there can be a slip: those without a letter, less the slips that were used."""
    with unscoped("who has an e-mail address is counted, and nobody is named"):
        present = {person for roster in training.rosters for person in roster.present_ids}
        reachable = {row.id for row in participants_by_id(present).values() if row.email}
    evaluation = answers_of(training.id)
    return max(without_letter(training.rosters, reachable) - (evaluation.on_paper if evaluation else 0), 0)


def published_evaluation(training_id: UUID) -> Published:
    """Return what may be said of a training that the caller may see."""
    Training.get(training_id)
    evaluation = answers_of(training_id)
    marks = [dict(answer.marks) for answer in evaluation.answers] if evaluation else []
    return publish(training_id, marks)
