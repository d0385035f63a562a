"""A record that could not be applied: listed, shown, tried again, given up."""

from __future__ import annotations

import json
import shlex
from dataclasses import replace

import pytest
from click.testing import CliRunner

from deploy.cli.main import main
from shared.contracts.parties import Party
from shared.kernel import clock, ids
from shared.messaging.ports import Incoming
from shared.storage import connection
from tests.support import toy
from tests.support.operator import GROUP, Operator, history, records
from tests.support.parked_history import BROKEN, drain, parked_history, sequences
from tests.support.records import party_record


def test_what_is_parked_is_listed_and_can_be_pasted(score: Operator) -> None:
    key, (first, *behind) = parked_history(score)
    answer = score("parked", "list", "--json")
    assert answer.code == 0
    assert [line["id"] for line in answer.json] == [first, *behind]
    assert [line["reason"] for line in answer.json] == ["failed", "gap", "gap"]
    assert answer.json[0]["detail"] == "ValueError: the invented bug of ***"
    assert [line["id"] for line in score("parked", "list", "--reason", "gap", "--json").json] == behind
    assert score("parked", "list", "--service", "toy", "--group", "toy.other", "--json").json == []
    words = score("parked", "list").out
    assert first in words.split()
    assert shlex.split(first) == [first]
    assert str(key) in words
    assert "\x1b" not in words


def test_a_record_is_shown_with_what_it_holds_and_why_it_is_parked(score: Operator) -> None:
    key, (first, *_) = parked_history(score)
    shown = score("parked", "show", first, "--json").json
    assert shown["body"] == {"institution_id": str(key), "reason": "audit"}
    assert shown["headers"]["ce_sequence"] == "0000000000000002"
    assert shown["headers"]["ce_type"] == "id.score.enrollment.institution_suspended.v1"
    assert (shown["tries"], shown["behind"], shown["reason"]) == (1, 2, "failed")
    words = score("parked", "show", first)
    assert words.code == 0
    assert '"reason": "audit"' in words.out
    assert "ketut" not in words.out


def test_a_discarded_record_is_kept_and_its_key_goes_on(score: Operator) -> None:
    key, (first, second, third) = parked_history(score)
    early = score("parked", "discard", second, "--reason", "too early")
    assert early.code == 1
    assert "sequence 3 of this key comes after 2" in early.err
    answer = score("parked", "discard", first, "--reason", "data of a rehearsal, says wayan@example.org")
    assert answer.code == 0
    assert f"{second}; 1 more behind it" in answer.out
    score.write()
    assert drain(score) == 2
    assert sequences(key) == [1, 3, 4]

    assert score("parked", "list", "--json").json == []
    (kept,) = score("parked", "list", "--reason", "discarded", "--json").json
    assert kept["id"] == first
    assert kept["why"].startswith("data of a rehearsal, says *** (")
    assert score("parked", "show", first, "--json").json["body"]["reason"] == "audit"
    for command in (("retry", first), ("discard", first, "--reason", "again")):
        refused = score("parked", *command)
        assert refused.code == 1
        assert "discarded at" in refused.err
    assert third not in answer.out


def test_a_key_whose_next_record_is_missing_is_not_called_free(score: Operator) -> None:
    score.write(BROKEN)
    key = history(4)
    arrived = records(key)
    score.deliver([arrived[0], arrived[1], arrived[3]])
    answer = score("parked", "discard", f"{GROUP}/{toy.TOPIC}/{key}/2", "--reason", "rehearsal")
    assert answer.code == 0
    assert "sequence 3 has not arrived" in answer.out
    assert "1 wait behind it" in answer.out


def of_party(**changes) -> Incoming:
    party = Party(
        **{
            "party_id": ids.new(),
            "version": 1,
            "kind": "person",
            "name": "Ketut",
            "email": "ketut@example.org",
            **changes,
        }
    )
    record = party_record(party, owner="enrollment", event_id=ids.new(), time=clock.now())
    return Incoming("score.contacts.enrollment", 1, 7, record.key, record.headers, record.value)


def test_of_a_party_nothing_personal_is_printed(score: Operator) -> None:
    score.write(party='raise ValueError(f"{party.name} has no zone: {party.email}")')
    score.deliver([of_party()])
    (line,) = score("parked", "list", "--json").json
    assert line["id"] == f"{GROUP}/score.contacts.enrollment/1/7"
    printed = [
        score("parked", "list"),
        score("parked", "show", line["id"]),
        score("parked", "show", line["id"], "--json"),
    ]
    printed.append(score("parked", "retry", line["id"]))
    assert [answer.code for answer in printed] == [0, 0, 0, 1]
    for answer in printed:
        assert "etut" not in answer.out + answer.err
    assert "failed again: ValueError: ***" in printed[-1].err
    assert printed[2].json["headers"]["ce_type"] == "id.score.contacts.party.v1"

    score.write()
    assert score("parked", "retry", line["id"]).code == 0
    assert len(toy.effects("party")) == 1


def test_garbage_is_shown_by_its_size_and_can_be_discarded(score: Operator) -> None:
    headers = [("ce_type", b"made@example.org"), ("x-name", b"Ketut")]
    score.deliver([Incoming(toy.TOPIC, 2, 5, b"Ketut", headers, b'{"full_name": "Ketut"}')])
    (line,) = score("parked", "list", "--json").json
    shown = score("parked", "show", line["id"])
    assert "bytes" in shown.out
    assert "etut" not in shown.out
    assert "made" not in shown.out
    assert score("parked", "retry", line["id"]).code == 1
    answer = score("parked", "discard", line["id"], "--reason", "not ours")
    assert answer.code == 0
    assert "it blocks no key" in answer.out


def test_an_event_that_breaks_its_contract_shows_no_person(score: Operator) -> None:
    key = history(1)
    (record,) = records(key)
    body = {**json.loads(record.value), "kind": "Ni Ketut of Ubud", "contact_name": "Ketut", "province": "ID-JB"}
    score.deliver([replace(record, value=json.dumps(body).encode())])
    (line,) = score("parked", "list", "--json").json
    shown = score("parked", "show", line["id"], "--json").json
    assert shown["body"] == {"institution_id": str(key), "kind": "***", "contact_name": "***", "province": "ID-JB"}


@pytest.mark.parametrize(
    "words",
    [
        ("list", "--service", "nobody"),
        ("list", "--reason", "boredom"),
        ("show", "no id"),
        ("show", "finance.billing/score.enrollment/1"),
        ("retry", f"nobody.first/{toy.TOPIC}/1/2"),
        ("discard", f"finance.billing/{toy.TOPIC}/1/2"),
    ],
)
def test_wrong_usage_is_two(words: tuple[str, ...]) -> None:
    assert CliRunner().invoke(main, ["parked", *words]).exit_code == 2


def test_wrong_usage_that_only_the_command_sees_is_two_as_well(score: Operator) -> None:
    assert score("parked", "list", "--group", "nobody.first").code == 2
    assert score("parked", "discard", f"{GROUP}/{toy.TOPIC}/1/2", "--reason", " ").code == 2


def test_what_cannot_be_done_is_one(score: Operator) -> None:
    assert score("parked", "show", f"{GROUP}/{toy.TOPIC}/{ids.new()}/2").code == 1
    away = score("parked", "list", SCORE_MONGO_URL="mongodb://127.0.0.1:9", SCORE_MONGO_SELECT_MS="200")
    assert away.code == 1
    assert "the store does not answer" in away.err
    key, (first, *_) = parked_history(score)
    row = connection.database()["parked"].find_one({"_id": first.replace("/", "|")})
    connection.database()["parked"].insert_one({**row, "_id": f"toy.gone|{toy.TOPIC}|{key}|2", "group": "toy.gone"})
    gone = score("parked", "retry", f"toy.gone/{toy.TOPIC}/{key}/2")
    assert gone.code == 1
    assert "no group of this installation" in gone.err


def test_who_acts_is_noted_in_the_access_log(score: Operator) -> None:
    key, (first, *_) = parked_history(score)
    score("parked", "retry", first)
    score("parked", "discard", first, "--reason", "rehearsal")
    score("outbox", "republish", "--service", "toy", "--key", str(key), "--yes")
    noted = sorted(connection.database()["access_log"].find({}), key=lambda row: row["at"])
    assert [row["action"] for row in noted] == ["retry_parked", "discard_parked", "send_again"]
    assert {(row["role"], row["object"], row["outcome"]) for row in noted} == {("operator", key, "allowed")}
    assert all(row["subject"] for row in noted)
