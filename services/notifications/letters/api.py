"""Letters over HTTP: what became of each, and the two decisions that only a person takes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.notifications.letters import commands
from services.notifications.letters.model import Letter
from services.notifications.letters.schemas import (
    LetterView,
    LetterWithStepsView,
    ReleasedLettersView,
    ReleaseLetters,
    ResendLetter,
)
from services.notifications.roles import DECIDERS, READERS
from shared.storage.row_scope import ScopedQuerySet
from shared.web.api.routes import Routes
from shared.web.lists.listing import ListQuery

Body = dict[str, Any]

letters = Routes("letters", description="Letters to participants and payers")


@letters.list(
    "/v1/letters", permits=READERS, returns=LetterView,
    filters=("state", "template", "recipient_id", "correlation_id"), sort=("created_at",),
)  # fmt: skip
def list_letters(query: ListQuery) -> ScopedQuerySet:
    del query
    return Letter.objects


@letters.get("/v1/letters/<uuid:letter_id>", permits=READERS, returns=LetterWithStepsView)
def show_letter(letter_id: UUID) -> Letter:
    return Letter.get(letter_id)


@letters.post("/v1/letters/<uuid:letter_id>/release", permits=DECIDERS, returns=LetterView)
def release_letter(letter_id: UUID) -> Letter:
    return commands.release_letter(letter_id)


@letters.post("/v1/letters/releases", permits=DECIDERS, body=ReleaseLetters, returns=ReleasedLettersView)
def release_letters(body: Body) -> dict[str, list[Letter]]:
    return {"letters": commands.release_letters(**body)}


@letters.post("/v1/letters/<uuid:letter_id>/resending", permits=DECIDERS, body=ResendLetter, returns=LetterView)
def resend_letter(letter_id: UUID, body: Body) -> Letter:
    return commands.resend_letter(letter_id, **body)
