"""What commits together, what is rolled back, what is tried again: on the real store."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from mongoengine.errors import NotUniqueError, OperationError
from pymongo.errors import DuplicateKeyError, OperationFailure, PyMongoError

import shared.domain.outbox_rows as outbox_module
from shared.contracts.events.enrollment import InstitutionSuspended
from shared.domain.errors import BodyTooLarge, NotFound, StaleVersion
from shared.kernel import ids
from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM
from shared.storage import connection
from shared.storage.transaction import (
    Nested,
    OutsideTransaction,
    in_new_transaction,
    in_transaction,
    transactional,
)
from tests.support import toy
from tests.support.monitor import MONITOR, Escaped
from tests.support.toy import Partner


@pytest.fixture(autouse=True)
def _on_the_toy_store(store) -> Iterator[None]:
    store(toy.SERVICE)
    with acting_as(SYSTEM):
        yield


def rows(collection: str = "outbox") -> list[dict]:
    return sorted(connection.database()[collection].find({}), key=lambda row: row.get("sequence", 0))


def test_state_and_events_commit_together(every_write_in_a_transaction) -> None:
    partner = toy.register()
    toy.suspend(partner.id)
    stored = Partner.get(partner.id)
    assert (stored.version, stored.sequence) == (2, 2)
    assert [(row["key"], row["sequence"]) for row in rows()] == [(partner.id, 1), (partner.id, 2)]
    assert {row["_id"] for row in rows("pending")} == {row["_id"] for row in rows()}


def test_what_raises_leaves_nothing(every_write_in_a_transaction) -> None:
    @transactional
    def register_and_fail() -> None:
        toy.register()
        raise ValueError

    with pytest.raises(ValueError):
        register_and_fail()
    assert rows("partners") == rows() == []
    assert not in_transaction()


def test_a_function_joins_the_transaction_around_it() -> None:
    @transactional
    def two() -> None:
        toy.register()
        toy.register()
        assert rows() == [], "outbox rows are written once, just before the commit"
        assert len(rows("partners")) == 2, "and the rest is read back as written"

    two()
    assert len(rows()) == 2


def test_two_writers_of_one_aggregate_both_win_in_the_end() -> None:
    partner = toy.register()
    each, problems = 10, []

    def suspend_often() -> None:
        try:
            with acting_as(SYSTEM):
                for _ in range(each):
                    toy.suspend(partner.id)
        except (PyMongoError, OperationError, StaleVersion) as problem:
            problems.append(problem)

    threads = [threading.Thread(target=suspend_often) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    stored = Partner.get(partner.id)
    assert (stored.version, stored.sequence) == (1 + 2 * each, 1 + 2 * each)
    assert [row["sequence"] for row in rows()] == list(range(1, 2 + 2 * each)), "gapless"


def test_a_conflict_is_tried_again_from_the_start() -> None:
    partner = toy.register()
    tries = []

    @transactional
    def suspend_beside_another() -> None:
        tries.append(1)
        mine = Partner.get(partner.id)
        if len(tries) == 1:
            other = threading.Thread(target=another)
            other.start()
            other.join()
        mine.record(InstitutionSuspended(institution_id=partner.id, reason="mine"))
        mine.save()

    def another() -> None:
        with acting_as(SYSTEM):
            toy.annotate(partner.id, "another's")

    suspend_beside_another()
    assert len(tries) == 2
    stored = Partner.get(partner.id)
    assert (stored.version, stored.sequence, stored.note) == (3, 2, "another's")


def test_the_servers_label_survives_mongoengines_wrapping() -> None:
    partner = toy.register()
    seen: list[BaseException] = []

    def conflict() -> None:
        mine = Partner.get(partner.id)
        other = threading.Thread(target=in_context, args=(lambda: toy.annotate(partner.id, "first"),))
        other.start()
        other.join()
        try:
            mine.note = "second"
            mine.save()
        except OperationError as wrapped:
            seen.append(wrapped)
            raise

    with pytest.raises(PyMongoError) as caught:
        once(conflict)
    assert caught.value.has_error_label("TransientTransactionError")
    assert seen, "mongoengine saw it first"


def in_context(work) -> None:
    with acting_as(SYSTEM):
        work()


def once(work) -> None:
    """One attempt of a transaction, without the driver's loop around it."""
    from shared.storage.transaction import _attempt

    with connection.client().start_session() as session, session.bind(end_session=False):
        session.start_transaction()
        try:
            _attempt(session, work)
            session.commit_transaction()
        except BaseException:
            session.abort_transaction()
            raise


def test_a_second_row_of_one_id_is_the_servers_error_not_mongoengines() -> None:
    partner = toy.register()
    with pytest.raises((DuplicateKeyError, NotUniqueError)) as caught:
        toy.register(partner.id)
    assert isinstance(caught.value, DuplicateKeyError)
    assert len(rows()) == 1


def test_saving_outside_a_transaction_is_refused() -> None:
    with pytest.raises(OutsideTransaction):
        Partner().save()
    assert rows("partners") == []


def test_a_transaction_of_its_own_inside_another_is_refused() -> None:
    @transactional
    def outer() -> None:
        in_new_transaction(toy.register)

    with pytest.raises(Nested):
        outer()
    assert rows("partners") == []


def test_an_aggregate_does_not_outlive_the_transaction_that_saved_it() -> None:
    """Its events went with the first attempt: saved again, they would be missing and nobody would know."""
    partner = Partner()
    partner.record(InstitutionSuspended(institution_id=partner.id, reason="audit"))
    attempts = []

    @transactional
    def save_what_was_made_outside() -> None:
        attempts.append(1)
        partner.save()
        if len(attempts) == 1:
            raise OperationFailure("conflict", 112, {"errorLabels": ["TransientTransactionError"]})

    with pytest.raises(OutsideTransaction):
        save_what_was_made_outside()
    assert rows("partners") == rows() == []


def test_a_version_that_was_overtaken_is_stale() -> None:
    partner = toy.register()

    @transactional
    def save_what_was_read_before() -> None:
        partner.note = "too late"
        partner._saved_in = None
        partner.version = 0
        partner.save()

    with pytest.raises(StaleVersion):
        save_what_was_read_before()
    assert Partner.get(partner.id).note == ""


def test_notes_raise_the_version_only() -> None:
    partner = toy.register()
    toy.annotate(partner.id, "a note")
    stored = Partner.get(partner.id)
    assert (stored.version, stored.sequence) == (2, 1)


def test_an_event_is_recorded_by_the_aggregate_it_is_about() -> None:
    @transactional
    def confuse() -> None:
        partner = Partner()
        partner.record(InstitutionSuspended(institution_id=ids.new(), reason="audit"))
        partner.save()

    with pytest.raises(ValueError, match="is keyed by"):
        confuse()


def test_an_event_too_large_for_the_broker_is_refused_before_it_is_stored(monkeypatch) -> None:
    monkeypatch.setattr(outbox_module, "LARGEST_EVENT", 20)
    with pytest.raises(BodyTooLarge):
        toy.register()
    assert rows("partners") == []


def test_deleted_is_not_found() -> None:
    with pytest.raises(NotFound):
        Partner.get(ids.new())


def test_the_monitor_names_a_write_that_escapes(every_write_in_a_transaction) -> None:
    connection.database()["effects"].insert_one({"_id": ids.new()})
    with pytest.raises(Escaped, match="insert of effects"):
        MONITOR.finish()


def test_every_kind_of_write_takes_part(every_write_in_a_transaction) -> None:
    @transactional
    def write() -> None:
        effects = connection.database()["effects"]
        key = ids.new()
        effects.insert_one({"_id": key})
        effects.update_one({"_id": key}, {"$set": {"what": "x"}})
        effects.find_one_and_update({"_id": key}, {"$set": {"what": "y"}})
        effects.replace_one({"_id": key}, {"what": "z"})
        effects.delete_one({"_id": key})
        toy.Effect(key=key, sequence=1, what="odm").save()

    write()
    assert MONITOR.writes >= 6
    assert [row["what"] for row in rows("effects")] == ["odm"]


def test_count_is_refused_inside_a_transaction_as_on_a_real_server() -> None:
    @transactional
    def count() -> int:
        return connection.database().command("count", "partners")["n"]

    with pytest.raises(OperationFailure):
        count()
