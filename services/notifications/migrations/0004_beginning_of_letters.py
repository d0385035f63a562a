"""Letters about trainings follow from their whole history, which a new store reads too: what came before it is told to nobody.

A store of the release before has letters already; what happened while it was replaced is news still.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from services.notifications.letters.model import Letter
from services.notifications.settings import notification_settings
from services.notifications.trainings.model import BEGINNING_OF_LETTERS, BeginningOfLetters
from shared.kernel import clock


def apply(database: Any) -> None:
    has_letters = database[Letter._meta["collection"]].find_one({}, {"_id": 1}) is not None  # noqa: SLF001
    at = clock.now() - (notification_settings().fresh_for if has_letters else timedelta(0))
    rows = database[BeginningOfLetters._meta["collection"]]  # noqa: SLF001
    rows.replace_one({"_id": BEGINNING_OF_LETTERS}, {"at": at}, upsert=True)
