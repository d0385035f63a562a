"""Evaluations: kept without order or time, published in groups, opened by a signed link only."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services.enrollment.evaluations.labels import QUESTIONS
from services.enrollment.evaluations.model import Evaluation, UsedLink, publish
from shared.access.signed_links import Link
from shared.domain.sealing import SealingKeys, new_keys
from shared.kernel import keys

TRAINING = UUID(int=7)
KEYS = SealingKeys.of(new_keys())


def marks(overall: int) -> dict[str, int]:
    return {**dict.fromkeys(QUESTIONS, 3), "overall": overall}


@pytest.mark.parametrize("number", [0, 1, 4])
def test_too_few_answers_say_nothing_not_even_how_many(number: int) -> None:
    evaluation = Evaluation(id=TRAINING)
    for _ in range(number):
        evaluation.take(marks(5), together=5, keys=KEYS)
    found = publish(TRAINING, [answer.marks for answer in evaluation.answers])
    assert (found.published, found.answers, found.satisfied_percent, found.marks) == (False, None, None, ())


def test_from_enough_answers_up_their_number_mean_and_share_of_satisfied_are_published() -> None:
    found = publish(TRAINING, [marks(mark) for mark in (5, 4, 4, 3, 1)])
    assert (found.published, found.answers, found.satisfied_percent) == (True, 5, 60)
    assert {mark.question: mark.mean for mark in found.marks} == {**dict.fromkeys(QUESTIONS, 3.0), "overall": 3.4}
    assert [str(mark.words) for mark in found.marks] == list(QUESTIONS.values())


def test_answers_are_kept_in_an_order_that_tells_nothing() -> None:
    evaluation = Evaluation(id=TRAINING)
    for mark in (1, 2, 3, 4, 5) * 4:
        evaluation.take(marks(mark), together=5, keys=KEYS)
    kept = [answer.answer_id for answer in evaluation.answers]
    assert kept == sorted(kept)
    assert {answer_id.version for answer_id in kept} == {4}
    assert [answer.marks["overall"] for answer in evaluation.answers] != [1, 2, 3, 4, 5] * 4


def test_a_use_is_kept_under_a_digest_that_needs_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    use = Link("evaluation", UUID(int=3), TRAINING, datetime(2026, 12, 1, tzinfo=UTC)).used_id
    kept = UsedLink.id_of(use)
    assert kept == UsedLink.id_of(use) != use
    monkeypatch.setattr(keys, "_digest_key", lambda: b"k" * 32)
    assert UsedLink.id_of(use) != kept


def test_a_link_issued_again_is_the_same_use_and_does_not_name_its_person() -> None:
    person, soon = UUID(int=3), datetime(2026, 12, 1, tzinfo=UTC)
    first = Link("evaluation", person, TRAINING, soon)
    again = Link("evaluation", person, TRAINING, soon + timedelta(days=9))
    others = [
        Link("evaluation", UUID(int=4), TRAINING, soon),
        Link("evaluation", person, UUID(int=8), soon),
        Link("consent", person, TRAINING, soon),
    ]
    assert first.used_id == again.used_id
    assert len({first.used_id, *(other.used_id for other in others)}) == 4
    assert person.hex not in first.used_id.hex
