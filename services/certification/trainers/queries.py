"""Reads of the register of trainers for its pages."""

from __future__ import annotations

from itertools import islice
from typing import Final

from services.certification.trainers.model import Trainer
from shared.domain.names import is_called, name_key, words_of

MOST_FOUND: Final = 50


def trainers_called(name: str) -> list[Trainer]:
    """Return trainers by words of their name or the beginnings of them, among those the caller may see.

    The names of the register are read for it, without anything else: trainers are hundreds, where people are many thousands.
    """
    words = words_of(name_key(name))
    if not words:
        return []
    stored = Trainer.objects(state="active").order_by("created_at").only("name").as_pymongo()
    matching = (row["_id"] for row in stored if is_called(words_of(name_key(row.get("name") or "")), words))
    found = Trainer.objects(id__in=list(islice(matching, MOST_FOUND)))
    return sorted(found, key=lambda trainer: name_key(trainer.name or ""))
