"""What enrollment can be asked about evaluations."""

from __future__ import annotations

from uuid import UUID

from services.enrollment.evaluations.model import Evaluation, Published, publish, use_link
from services.enrollment.settings import enrollment_settings
from services.enrollment.trainings.model import Training
from shared.domain.errors import NotAllowedNow
from shared.kernel.context import seeing_everything
from shared.storage.transaction import transactional


@transactional
def answer_evaluation(training_id: UUID, *, used_id: UUID, marks: dict[str, int]) -> None:
    """A participant says what the training was like; `used_id` stands for the link, which works once."""
    training = Training.get(training_id)
    if training.state != "delivered":
        raise NotAllowedNow(
            {"id": "Pelatihan ini belum selesai.", "en": "This training has not been delivered."},
            verb="answer", state=training.state, allowed_from=("delivered",),
        )  # fmt: skip
    use_link(used_id)
    evaluation = Evaluation.find(training_id) or Evaluation(id=training_id)
    evaluation.take(marks)
    evaluation.save()


def published_evaluation(training_id: UUID) -> Published:
    """What may be said of a training that the caller may see."""
    Training.get(training_id)
    with seeing_everything():
        evaluation = Evaluation.find(training_id)
    given = [dict(answer.marks) for answer in evaluation.answers] if evaluation else []
    return publish(training_id, given, least=enrollment_settings().evaluation_least)
