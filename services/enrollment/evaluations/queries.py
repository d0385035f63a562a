"""Reads of evaluations: whether a link was used, and what may be said of a training."""

from __future__ import annotations

from uuid import UUID

from services.enrollment.catalogue.queries import module_called
from services.enrollment.evaluations.model import Evaluation, Published, UsedLink, publish
from services.enrollment.evaluations.slips import Slip, without_letter
from services.enrollment.people.queries import participants_by_id
from services.enrollment.trainings.model import Training
from shared.access.signed_links import Link
from shared.kernel.clock import BEGINNING
from shared.kernel.context import unscoped

CONTACT = "contact"  # the purpose without which nobody is written to


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


def used_by(participant_id: UUID, training_id: UUID) -> UUID:
    """Return the id of the use of a person's link about a training, whenever it was issued."""
    return Link("evaluation", participant_id, training_id, BEGINNING).used_id


def unused_slips(training_id: UUID) -> list[Slip]:
    with unscoped("slips are nobody's, and end together"):
        return list(Slip.objects(training_id=training_id))


def slips_due(training: Training) -> int:
    """Return for how many of a training there can be a slip: those without a letter, less the slips that were used.

    Whoever does not consent to be contacted gets no letter either. Who answered by one has no slip, whatever they chose since.
    """
    present = {person for roster in training.rosters for person in roster.present_ids}
    with unscoped("who gets a letter is counted, and nobody is named"):
        people = participants_by_id(present)
    written_to = {row.id for row in people.values() if row.email and CONTACT in row.purposes}
    answered = {person for person in present - written_to if is_used(used_by(person, training.id))}
    evaluation = answers_of(training.id)
    return max(without_letter(training.rosters, written_to | answered) - (evaluation.on_paper if evaluation else 0), 0)


def published_evaluation(training_id: UUID) -> Published:
    """Return what may be said of a training that the caller may see."""
    Training.get(training_id)
    evaluation = answers_of(training_id)
    marks = [dict(answer.marks) for answer in evaluation.answers] if evaluation else []
    return publish(training_id, marks)
