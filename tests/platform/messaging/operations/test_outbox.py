"""What is not yet sent, and sending it again: seen from the command, sent by the relay."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from deploy.cli.main import main
from shared.contracts.parties import Party
from shared.kernel import clock, ids
from shared.messaging.outbox.compacted import publish_party
from shared.storage import connection
from shared.storage.transaction import in_new_transaction
from tests.support import toy
from tests.support.operator import Operator, history
from tests.support.waiting import until
from tests.support.worker_loops import running


def pending(*, contacts: bool = False) -> int:
    if contacts:
        return connection.database()["contact_outbox"].count_documents({"pending_at": {"$exists": True}})
    return connection.database()["pending"].count_documents({})


def publish(*, days_ago: int = 0) -> None:
    """Mark everything that is pending as sent, as recorded some days ago."""
    database, change = connection.database(), {"$set": {"recorded_at": clock.now() - timedelta(days=days_ago)}}
    sent = [row["_id"] for row in database["pending"].find({})]
    in_new_transaction(lambda: database["outbox"].update_many({"_id": {"$in": sent}}, change))
    forget_what_is_pending()


def forget_what_is_pending() -> None:
    in_new_transaction(lambda: connection.database()["pending"].delete_many({}))


def test_what_is_pending_is_counted_with_its_age(score: Operator) -> None:
    (row,) = score("outbox", "status", "--json").json
    assert (row["pending"], row["oldest_seconds"], row["epoch"], row["newest"]) == (0, None, 0, [])
    history(3)
    pending_rows, old = connection.database()["pending"], {"$set": {"at": clock.now() - timedelta(hours=3)}}
    in_new_transaction(lambda: pending_rows.update_one({"_id": pending_rows.find_one({})["_id"]}, old))
    (row,) = score("outbox", "status", "--service", "toy", "--json").json
    assert (row["service"], row["topic"], row["pending"]) == ("toy", toy.TOPIC, 3)
    assert row["oldest_seconds"] == pytest.approx(3 * 3600, abs=60)
    assert "3 h" in score("outbox", "status").out


def test_what_was_sent_is_pending_again_and_the_relay_sends_it(score: Operator, broker) -> None:
    key = history(3)
    with running(control=False):
        until(lambda: not pending(), "sent")
        (row,) = score("outbox", "status", "--json").json
        (newest,) = row["newest"]
        assert newest["offset"] == 2
        assert datetime.fromisoformat(newest["at"]) <= datetime.now(UTC)
        answer = score("outbox", "republish", "--service", "toy", "--key", str(key), "--yes")
        assert answer.code == 0
        assert answer.out.startswith(f"3 rows of {toy.TOPIC} pending again")
        until(lambda: not pending(), "sent again")
    assert [record.value for record in broker.records(toy.TOPIC)][:3] * 2 == [
        r.value for r in broker.records(toy.TOPIC)
    ]


def test_all_a_key_or_what_is_new_is_sent_again(score: Operator) -> None:
    key = history(4)
    publish(days_ago=3)
    history(2)
    publish()
    for words, rows in ((("--since", "2d"), 2), (("--since", moment(9)), 6), (("--key", str(key)), 4), ((), 6)):
        assert score("outbox", "republish", "--service", "toy", *words, "--yes", SCORE_RESEND_PAGE="2").code == 0
        assert pending() == rows
        forget_what_is_pending()


def test_without_yes_nothing_is_done(score: Operator) -> None:
    history(3)
    publish()
    asked = score("outbox", "republish", "--service", "toy", SCORE_RESEND_PAGE="2")
    assert asked.code == 1
    assert asked.err.startswith(f"3 rows of {toy.TOPIC} would be")
    assert pending() == 0


def moment(days_ago: int) -> str:
    return (clock.now() - timedelta(days=days_ago)).isoformat()


def test_parties_are_sent_again_by_their_owner_only(score: Operator, store) -> None:
    store("enrollment")
    for _ in range(2):
        party = Party(party_id=ids.new(), version=1, kind="person", name="Ketut", email="ketut@example.org")
        in_new_transaction(lambda party=party: publish_party(party))
    rows = connection.database()["contact_outbox"]
    in_new_transaction(lambda: rows.update_many({}, {"$unset": {"pending_at": ""}}))
    before = pending()
    answer = score("outbox", "republish", "--service", "enrollment", "--contacts", "--yes", tree=False)
    assert (answer.code, pending(contacts=True), pending()) == (0, 2, before)
    assert "etut" not in answer.out + answer.err
    rows_of_titles = connection.database()["reference_outbox"].count_documents({})
    again = score("outbox", "republish", "--service", "enrollment", "--reference", "--json", "--yes", tree=False)
    assert again.json == {"topic": "score.reference.enrollment", "rows": rows_of_titles, "done": True}
    (events, parties, reference) = score("outbox", "status", "--service", "enrollment", "--json", tree=False).json
    assert (events["topic"], events["pending"]) == ("score.enrollment", before)
    assert (parties["topic"], parties["pending"]) == ("score.contacts.enrollment", 2)
    assert (reference["topic"], reference["pending"]) == ("score.reference.enrollment", rows_of_titles)
    for of in ("--contacts", "--reference"):
        assert score("outbox", "republish", "--service", "toy", of, "--yes").code == 2


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("--service", "nobody"),
        ("--service", "finance", "--since", "yesterday"),
        ("--service", "finance", "--since", "2026-01-01T00:00:00"),
        ("--service", "finance", "--since", "2999-01-01T00:00:00Z"),
        ("--service", "finance", "--key", "7"),
    ],
)
def test_wrong_usage_is_two(words: tuple[str, ...]) -> None:
    assert CliRunner().invoke(main, ["outbox", "republish", *words]).exit_code == 2


def test_a_key_is_sent_as_a_whole(score: Operator) -> None:
    answer = score("outbox", "republish", "--service", "toy", "--since", "2h", "--key", str(ids.new()), "--yes")
    assert answer.code == 2
