"""A test begins with a store as migrated, whoever wrote to it before, and sees what was written, whoever wrote it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from pymongo.database import Database

from shared.kernel.settings.current import settings
from tests.support import engines
from tests.support.fingerprint import fingerprint

ELSEWHERE = """
import sys
from pymongo import MongoClient
MongoClient(sys.argv[1])[sys.argv[2]]["prices"].insert_one({"_id": "planted"})
"""


def by_this_process(database: Database[Any]) -> None:
    database["prices"].insert_one({"_id": "planted"})


def by_another_process(database: Database[Any]) -> None:
    subprocess.run([sys.executable, "-c", ELSEWHERE, settings().mongo_url, database.name], check=True)


def at_once(database: Database[Any]) -> None:
    with database.client.start_session() as session, session.start_transaction():
        database["prices"].insert_one({"_id": "planted"}, session=session)


@pytest.mark.parametrize("write", [by_this_process, by_another_process, at_once])
def test_what_was_written_is_seen_and_cleaned(
    store: Callable[[str], Database[Any]], write: Callable[[Database[Any]], None]
) -> None:
    database = store("finance")
    untouched = fingerprint()
    write(database)
    assert fingerprint()["prices"] != untouched["prices"]
    engines.clean("finance")
    assert database["prices"].count_documents({}) == 0
    assert fingerprint() == untouched


def test_a_collection_that_was_not_written_to_has_the_figure_of_its_rows(store: Callable[[str], Database[Any]]) -> None:
    database = store("enrollment")
    assumed = fingerprint()
    database.client.admin.command("ping")
    subprocess.run([sys.executable, "-c", ""], check=True)  # from now on everything is read
    assert fingerprint() == assumed
