"""Takes what participants say of a training."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from services.enrollment.errors import conflicting, refused
from services.enrollment.evaluations.errors import LINK_USED, NOT_DELIVERED, NOT_THERE
from services.enrollment.evaluations.model import Evaluation, UsedLink
from services.enrollment.evaluations.queries import answers_of, is_used, linked_training
from services.enrollment.rosters.attendance import was_there
from services.enrollment.settings import enrollment_settings
from services.enrollment.tax_numbers.keys import tax_number_keys
from shared.domain.errors import NotAllowedNow, NotFound
from shared.storage.transaction import transactional


@transactional
def answer_evaluation(training_id: UUID, *, participant_id: UUID, used_id: UUID, marks: Mapping[str, int]) -> None:
    """Take what a participant says of a training who was there; `used_id` stands for the link, which works once."""
    training = linked_training(training_id)
    if training is None:
        raise NotFound("Training", training_id)
    if training.state != "delivered":
        raise NotAllowedNow(
            NOT_DELIVERED,
            verb="answer", state=training.state, allowed_from=("delivered",),
        )  # fmt: skip
    if not was_there(participant_id, training.rosters):
        raise refused("/link", NOT_THERE)
    _use_link(used_id)
    evaluation = answers_of(training_id) or Evaluation(id=training_id)
    evaluation.take(marks, together=enrollment_settings().evaluation_least, keys=tax_number_keys())
    evaluation.save()


def _use_link(used_id: UUID) -> None:
    """Use the link once, whatever happens at the same moment: two that use one link meet on one id."""
    if is_used(used_id):
        raise conflicting(LINK_USED, pointer="/link")
    UsedLink(id=UsedLink.id_of(used_id)).save()
