"""A store that is new tells nothing of the past; one of the release before goes on where it was."""

from __future__ import annotations

import importlib
from datetime import timedelta

from services.notifications.trainings.model import BEGINNING_OF_LETTERS
from shared.kernel import clock
from shared.storage import connection
from tests.support import factories
from tests.support.factories import ALPHA
from tests.support.mail_relay import Relay

MIGRATION = importlib.import_module("services.notifications.migrations.0004_beginning_of_letters")


def began_hours_ago() -> float:
    MIGRATION.apply(connection.database())
    row = connection.database()["beginning_of_letters"].find_one({"_id": BEGINNING_OF_LETTERS})
    assert row is not None
    return (clock.now() - row["at"]) / timedelta(hours=1)


def test_letters_begin_with_a_new_store_and_two_days_back_where_there_are_some(relay: Relay) -> None:
    assert began_hours_ago() < 1
    factories.letter(ALPHA)
    assert 47 < began_hours_ago() < 49
