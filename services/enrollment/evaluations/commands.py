"""Takes what participants say of a training."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from services.enrollment.errors import conflicting, refused
from services.enrollment.evaluations.errors import LINK_USED, NOT_DELIVERED, NOT_THERE
from services.enrollment.evaluations.model import Evaluation, UsedLink
from services.enrollment.evaluations.queries import (
    answers_of,
    is_used,
    linked_training,
    slip_of,
    slips_due,
    unused_slips,
)
from services.enrollment.evaluations.slips import Slip, new_code
from services.enrollment.rosters.attendance import was_there
from services.enrollment.settings import enrollment_settings
from services.enrollment.tax_numbers.keys import tax_number_keys
from services.enrollment.trainings.model import Training
from shared.domain.errors import NotAllowedNow, NotFound
from shared.storage.transaction import transactional


@transactional
def answer_evaluation(training_id: UUID, *, participant_id: UUID, used_id: UUID, marks: Mapping[str, int]) -> None:
    """Take what a participant says of a training who was there; `used_id` stands for the link, which works once."""
    training = linked_training(training_id)
    if training is None:
        raise NotFound("Training", training_id)
    _require_delivered(training)
    if not was_there(participant_id, training.rosters):
        raise refused("/link", NOT_THERE)
    _use_link(used_id)
    evaluation = answers_of(training_id) or Evaluation(id=training_id)
    evaluation.take(marks, together=enrollment_settings().evaluation_least, keys=tax_number_keys())
    evaluation.save()


@transactional
def print_slips(training_id: UUID) -> list[str]:
    """Make a slip for everyone who was at a training and is asked by no letter; those printed before are used or end."""
    training = Training.get(training_id)
    _require_delivered(training)
    for slip in unused_slips(training_id):
        slip.delete()
    codes = [new_code() for _ in range(slips_due(training))]
    for code in codes:
        Slip(id=Slip.id_of(code), training_id=training_id).save()
    return codes


@transactional
def answer_on_slip(code: str, *, marks: Mapping[str, int]) -> None:
    """Take what somebody says of a training who holds a slip; the slip is gone with it."""
    slip = slip_of(code)
    training = linked_training(slip.training_id) if slip else None
    if slip is None or training is None:
        raise NotFound("Slip")
    _require_delivered(training)
    slip.delete()
    evaluation = answers_of(training.id) or Evaluation(id=training.id)
    evaluation.on_paper += 1
    evaluation.take(marks, together=enrollment_settings().evaluation_least, keys=tax_number_keys())
    evaluation.save()


def _require_delivered(training: Training) -> None:
    if training.state != "delivered":
        raise NotAllowedNow(
            NOT_DELIVERED,
            verb="answer", state=training.state, allowed_from=("delivered",),
        )  # fmt: skip


def _use_link(used_id: UUID) -> None:
    """Use the link once, whatever happens at the same moment: two that use one link meet on one id."""
    if is_used(used_id):
        raise conflicting(LINK_USED, pointer="/link")
    UsedLink(id=UsedLink.id_of(used_id)).save()
