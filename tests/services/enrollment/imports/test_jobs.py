"""Imports are worked off in slices: interrupted, slow, refused rows, and turns of several."""

from __future__ import annotations

import gc
import itertools
from collections import Counter
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from pymongo.errors import ExecutionTimeout

from services.enrollment.imports import commands
from services.enrollment.imports.jobs import ImportWork, Pace
from services.enrollment.imports.sheet import Checked
from services.enrollment.people.model import Participant
from services.enrollment.settings import enrollment_settings
from shared.kernel.context import acting_as
from shared.kernel.errors import Unavailable
from shared.kernel.principal import SYSTEM
from shared.storage import connection
from shared.tabular.media_types import CSV, XLSX
from shared.tabular.reader import SheetRow
from tests.support.factories import ALPHA
from tests.support.import_sheets import counts, people, upload, worked
from tests.support.monitor import MONITOR


def test_a_refused_row_costs_its_neighbours_one_more_try(
    caller: FlaskClient, provider: dict[str, str], enterprise_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All in one slice; rows before a refused one are kept together, and so are those behind it."""
    monkeypatch.setenv("SCORE_IMPORT_SLICE", "40")
    enrollment_settings.cache_clear()
    tries: Counter[str] = Counter()
    slices = []
    registering, taking = Participant.register, commands.take

    def counted(person: Participant) -> None:
        tries[person.name] += 1
        registering(person)

    def sliced(kind: Any, batch: Any, rehearsed: Any, **more: Any) -> Any:
        slices.append(len(batch))
        return taking(kind, batch, rehearsed, **more)

    monkeypatch.setattr(Participant, "register", counted)
    monkeypatch.setattr(commands, "take", sliced)
    refused = {place: {"enterprise_id": str(ALPHA)} for place in ("p1", "p9", "p10", "p30")}
    shown = worked(caller, provider, upload(caller, provider, people(enterprise_id, 30, **refused)))
    assert counts(shown) == ("done", 30, 26, 0, 4)
    assert [(error["row"], error["code"]) for error in shown["errors"]] == [
        (row, "unknown-enterprise") for row in (2, 10, 11, 31)
    ]
    assert max(tries.values()) <= 2
    assert slices == [30, 30, 8, 22, 1, 21, 20, 1]


def test_a_store_that_is_slow_for_a_slice_is_given_smaller_ones(
    caller: FlaskClient, provider: dict[str, str], enterprise_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = upload(caller, provider, people(enterprise_id, 11))
    taking, sizes = commands.take, []

    def slow(kind: Any, batch: Any, rehearsed: Any, **more: Any) -> Any:
        sizes.append(len(batch))
        if len(batch) > 2:
            raise ExecutionTimeout("out of time")
        return taking(kind, batch, rehearsed, **more)

    monkeypatch.setattr(commands, "take", slow)
    work = ImportWork()
    with acting_as(SYSTEM), pytest.raises(ExecutionTimeout):
        work.take_turn()
    monkeypatch.setenv("SCORE_IMPORT_SLICE_SECONDS", "0.000001")  # and no larger ones again
    enrollment_settings.cache_clear()
    assert counts(worked(caller, provider, answer, work)) == ("done", 11, 11, 0, 0)
    assert (sizes[0], max(sizes[1:])) == (5, 2)


@pytest.mark.parametrize("media_type", [CSV, XLSX])
def test_rows_held_and_commands_sent_follow_the_slice_and_not_the_file(
    caller: FlaskClient, provider: dict[str, str], enterprise_id: UUID, monkeypatch: pytest.MonkeyPatch, media_type: str
) -> None:
    """What would make ten thousand rows grow in memory or in commands shows with a hundred."""
    size = 10
    monkeypatch.setenv("SCORE_IMPORT_SLICE", str(size))
    monkeypatch.setenv("SCORE_IMPORT_SLICE_SECONDS", "600")  # of whatever length, on a busy machine too
    monkeypatch.setenv("SCORE_IMPORT_TURN_SECONDS", "600")
    monkeypatch.setenv("SCORE_IMPORT_PREVIEW_ROWS", "1")
    enrollment_settings.cache_clear()
    answer = upload(caller, provider, people(enterprise_id, 100), media_type=media_type)
    held, progress, writes = [], [], []
    taking = commands.take

    def watched(*arguments: Any, **more: Any) -> Any:
        gc.collect()
        held.append(sum(issubclass(type(one), (Checked, SheetRow, Participant)) for one in gc.get_objects()))
        progress.append(connection.database()["imports"].find_one({"_id": UUID(answer.json["id"])})["rows_read"])
        writes.append(MONITOR.writes)
        return taking(*arguments, **more)

    monkeypatch.setattr(commands, "take", watched)
    MONITOR.watch()
    try:
        assert counts(worked(caller, provider, answer)) == ("done", 100, 100, 0, 0)
    finally:
        MONITOR.finish(allowed={"access_log"})
    assert max(held) <= 3 * size
    assert progress == list(range(0, 100, size))
    each = [after - before for before, after in itertools.pairwise(writes)]
    assert max(each) <= 7  # people, events, marks, parties, the ledger, the import, and the start of a turn


def test_an_interrupted_import_goes_on_where_it_stopped(
    caller: FlaskClient, provider: dict[str, str], enterprise_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = upload(caller, provider, people(enterprise_id, 23))
    slices = 0
    taking = commands.take

    def breaking(*arguments: Any, **more: Any) -> Any:
        nonlocal slices
        slices += 1
        outcome = taking(*arguments, **more)
        if slices in (3, 4):
            raise Unavailable("store")
        return outcome

    monkeypatch.setattr(commands, "take", breaking)
    for made in (10, 10):
        with acting_as(SYSTEM), pytest.raises(Unavailable):
            ImportWork().take_turn()  # each time another process
        shown = caller.get(f"/v1/imports/{answer.json['id']}", headers=provider).json
        assert counts(shown) == ("working", made, made, 0, 0)
        assert Participant.objects.count() == made
    assert counts(worked(caller, provider, answer)) == ("done", 23, 23, 0, 0)
    assert Participant.objects.count() == 23


def test_an_import_that_fails_again_and_again_is_given_up(
    caller: FlaskClient, provider: dict[str, str], enterprise_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = upload(caller, provider, people(enterprise_id, 3))

    def failing(*arguments: Any, **more: Any) -> Any:
        raise RuntimeError("this row ends its process")

    with monkeypatch.context() as broken, acting_as(SYSTEM):
        broken.setattr(commands, "take", failing)
        for _ in range(enrollment_settings().import_attempts):
            with pytest.raises(RuntimeError):
                ImportWork().take_turn()
    shown = worked(caller, provider, answer)
    assert counts(shown) == ("failed", 0, 0, 0, 0)
    assert [error["code"] for error in shown["errors"]] == ["given-up"]
    assert connection.database()["import_files"].count_documents({}) == 0


def test_an_import_is_not_given_up_for_a_store_that_is_away(
    caller: FlaskClient, provider: dict[str, str], enterprise_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = upload(caller, provider, people(enterprise_id, 3))

    def failing(*arguments: Any, **more: Any) -> Any:
        raise Unavailable("store")

    work = ImportWork()
    with monkeypatch.context() as broken, acting_as(SYSTEM):
        broken.setattr(commands, "take", failing)
        for _ in range(2 * enrollment_settings().import_attempts):
            with pytest.raises(Unavailable):
                work.take_turn()
    assert counts(worked(caller, provider, answer)) == ("done", 3, 3, 0, 0)


def test_slices_are_smaller_after_turns_that_failed() -> None:
    pace, most = Pace(), enrollment_settings().import_slice
    pace.after(1)
    assert pace.size == most // 2
    pace.after(20)
    assert pace.size == 1


def test_a_long_import_takes_turns(
    caller: FlaskClient, provider: dict[str, str], enterprise_id: UUID, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCORE_IMPORT_TURN_SECONDS", "0.000001")
    enrollment_settings.cache_clear()
    answer = upload(caller, provider, people(enterprise_id, 12))
    progress, work = [], ImportWork()
    with acting_as(SYSTEM):
        while work.take_turn():
            progress.append(caller.get(f"/v1/imports/{answer.json['id']}", headers=provider).json["rows_read"])
    assert progress == [5, 10, 12]
    assert Participant.objects.count() == 12
