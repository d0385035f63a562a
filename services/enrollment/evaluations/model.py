"""The evaluation of a training by its participants, kept so that nobody can say whose answer is whose.

That a link was used and what was answered are two rows that have nothing in common: no time, no order, no id. All
answers of a training are one row, in the order of their random ids. They are published in groups: an answer waits until
there are enough others to go with it, so that nobody learns one by comparing the figures before and after it. Until then it
lies sealed, so that whoever reads the store after every write learns no more.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

import mongoengine as me
import orjson

from services.enrollment.evaluations.labels import OVERALL, QUESTIONS
from shared.domain.aggregate import StoredDocument
from shared.domain.sealing import Sealed, SealingKeys, opened, sealed
from shared.kernel.keys import keyed
from shared.kernel.message import Message
from shared.kernel.principal import Principal
from shared.storage.row_scope import Scope

LOWEST, HIGHEST, SATISFIED = 1, 5, 4  # satisfied: overall 4 or 5 (domain.md 2)


class UsedLink(StoredDocument):
    """The trace of a used link: its keyed digest and nothing else."""

    meta: ClassVar[dict[str, object]] = {"collection": "link_uses"}

    @staticmethod
    def id_of(used_id: UUID) -> UUID:
        """Return the id of the row. Whoever has all rows and all people, but not the key, cannot tell whose link was used."""
        return UUID(bytes=keyed("used link", used_id.bytes)[:16])

    @classmethod
    def row_scope(cls, principal: Principal) -> Scope | None:
        del principal
        return None


class GivenAnswer(me.EmbeddedDocument):  # type: ignore[misc]
    """One person's marks."""

    answer_id = me.UUIDField(required=True, binary=True)
    marks = me.MapField(me.IntField(), required=True)


class Evaluation(StoredDocument):
    """The answers about one training, those that are published and those that wait; the id is the training's."""

    meta: ClassVar[dict[str, object]] = {"collection": "evaluations"}

    answers = me.EmbeddedDocumentListField(GivenAnswer)
    waiting = me.EmbeddedDocumentListField(Sealed)
    on_paper = me.IntField(required=True, default=0)

    @classmethod
    def row_scope(cls, principal: Principal) -> Scope | None:
        """Return no scope for anybody: answers are read together or not at all."""
        del principal
        return None

    def take(self, marks: Mapping[str, int], *, together: int, keys: SealingKeys) -> None:
        """Take an answer, and publish those that wait when there are as many as are published together."""
        waiting = [*self.waiting, sealed_answer(marks, self.id, keys)]
        self.waiting = sorted(waiting, key=lambda answer: bytes(answer.sealed))  # their nonces first, which are random
        if len(self.waiting) >= together:
            opened_ones = [_opened_answer(answer, self.id, keys) for answer in self.waiting]
            self.answers = sorted([*self.answers, *opened_ones], key=lambda answer: answer.answer_id)
            self.waiting = []


def sealed_answer(marks: Mapping[str, int], training_id: UUID, keys: SealingKeys) -> Sealed:
    """Seal an answer so that its length is the same whatever it says."""
    return sealed(orjson.dumps(dict(marks), option=orjson.OPT_SORT_KEYS), training_id, keys)


def _opened_answer(kept: Sealed, training_id: UUID, keys: SealingKeys) -> GivenAnswer:
    """Open an answer under an id that holds no time, as a UUIDv7 would."""
    return GivenAnswer(answer_id=uuid.uuid4(), marks=orjson.loads(opened(kept, training_id, keys)))


@dataclass(frozen=True, slots=True)
class Mark:
    question: str
    mean: float

    @property
    def words(self) -> Message:
        return Message(QUESTIONS[self.question])


@dataclass(frozen=True, slots=True)
class Published:
    """The published figures of a training. Everything is empty where too few have answered."""

    training_id: UUID
    answers: int | None = None
    satisfied_percent: int | None = None
    marks: tuple[Mark, ...] = ()

    @property
    def published(self) -> bool:
        return self.answers is not None


def publish(training_id: UUID, given: Sequence[Mapping[str, int]]) -> Published:
    """Return the figures of the answers that are published."""
    if not given:
        return Published(training_id)
    satisfied = sum(marks[OVERALL] >= SATISFIED for marks in given)
    means = tuple(Mark(code, round(sum(marks[code] for marks in given) / len(given), 2)) for code in QUESTIONS)
    return Published(training_id, len(given), round(100 * satisfied / len(given)), means)
