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
from shared.messaging.inbox.parking import ParkingLot
from shared.messaging.ports import Incoming
from shared.storage import connection
from tests.support import toy
from tests.support.operator import GROUP, Operator, history, records
from tests.support.records import answering, party_record

BROKEN = 'raise ValueError("the invented bug of ketut@example.org")'
NEEDS = "from shared.messaging.errors import WaitFor; raise WaitFor(InstitutionRegistered, event.institution_id)"


def parked_history(score: Operator, length: int = 4, suspended: str = BROKEN):
    """A key whose second record fails, and its ids as they are listed."""
    score.write(suspended)
    key = history(length)
    score.deliver(records(key))
    return key, [f"{GROUP}/{toy.TOPIC}/{key}/{number}" for number in range(2, length + 1)]


def drain(score: Operator) -> int:
    """What the group's worker does every second."""
    return ParkingLot(score.delivery()).retry_due()


def sequences(key) -> list[int]:
    return [sequence for found, sequence in toy.effects(GROUP) if found == key]


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


def test_a_record_that_fails_again_stays_parked_with_its_error(score: Operator) -> None:
    _, (first, *_) = parked_history(score)
    answer = score("parked", "retry", first)
    assert answer.code == 1
    assert "failed again: ValueError: the invented bug of ***" in answer.err
    shown = score("parked", "show", first, "--json").json
    assert (shown["reason"], shown["tries"]) == ("failed", 2)


def test_after_a_mend_a_record_is_applied_and_its_key_goes_on(score: Operator) -> None:
    key, (first, second, third) = parked_history(score)
    score.write()
    early = score("parked", "retry", third)
    assert early.code == 1
    assert "sequence 4 of this key comes after 2" in early.err
    assert first in early.out
    assert sequences(key) == [1]

    answer = score("parked", "retry", first)
    assert (answer.code, answer.out.splitlines()[0]) == (0, "applied")
    assert second in answer.out
    assert sequences(key) == [1, 2]
    assert drain(score) == 2
    assert sequences(key) == [1, 2, 3, 4]
    assert score("parked", "list", "--json").json == []
    again = score("parked", "retry", first)
    assert again.code == 1
    assert "nothing is parked under this id" in again.err


def test_a_record_that_still_lacks_its_event_says_so(score: Operator) -> None:
    key, (first, *_) = parked_history(score, suspended=NEEDS)
    answer = score("parked", "retry", first)
    assert answer.code == 1
    assert f"still parked, waiting: needs InstitutionRegistered of {key}" in answer.err
    assert score("parked", "list", "--reason", "waiting", "--json").json[0]["tries"] == 2


def test_a_record_that_was_applied_meanwhile_is_only_released(score: Operator) -> None:
    key, (first, *_) = parked_history(score, length=2)
    row = connection.database()["parked"].find_one({})
    score.write()
    assert score("parked", "retry", first).code == 0
    connection.database()["parked"].insert_one(row)  # as after a parking that lost the race
    answer = score("parked", "retry", first)
    assert (answer.code, answer.out.splitlines()[0]) == (0, "it had been applied before; no longer parked")
    assert sequences(key) == [1, 2]


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


def test_all_that_failed_is_tried_again_at_once(score: Operator) -> None:
    one, (first, *_) = parked_history(score)
    other, (second, *_) = parked_history(score, length=2)
    failed = score("parked", "retry", "--all", "--json")
    assert failed.code == 1
    assert [(line["id"], line["state"], line["detail"]) for line in failed.json] == [
        (first, "failed", "ValueError: the invented bug of ***"),
        (second, "failed", "ValueError: the invented bug of ***"),
    ]
    assert failed.err == ""
    assert score("parked", "retry", "--all", "--group", "toy.suspensions").out == "0 of 0 failed records applied\n"
    score.write()
    answer = score("parked", "retry", "--all", "--group", GROUP)
    assert (answer.code, answer.out) == (0, "2 of 2 failed records applied\n")
    assert "toy: 1 of 2" in answer.err
    assert (sequences(one), sequences(other)) == ([1, 2], [1, 2])


def test_what_stays_parked_of_all_is_named(score: Operator) -> None:
    _, (first, *_) = parked_history(score)
    answer = score("parked", "retry", "--all", NO_COLOR="1")
    assert (answer.code, answer.out) == (1, "0 of 1 failed records applied\n")
    assert f"failed: {first}  ValueError: the invented bug of ***" in answer.err
    assert "\x1b" not in answer.out + answer.err


def test_who_acts_is_noted_in_the_access_log(score: Operator) -> None:
    key, (first, *_) = parked_history(score)
    score("parked", "retry", first)
    score("parked", "discard", first, "--reason", "rehearsal")
    score("outbox", "republish", "--service", "toy", "--key", str(key), "--yes")
    noted = sorted(connection.database()["access_log"].find({}), key=lambda row: row["at"])
    assert [row["action"] for row in noted] == ["retry_parked", "discard_parked", "send_again"]
    assert {(row["role"], row["object"], row["outcome"]) for row in noted} == {("operator", key, "allowed")}
    assert all(row["subject"] for row in noted)


@pytest.mark.parametrize("words", [(), ("--all", "toy.first/score.enrollment/1/2"), ("x.y/t/1/2", "--group", "x.y")])
def test_one_record_or_all_of_them(words: tuple[str, ...]) -> None:
    assert CliRunner().invoke(main, ["parked", "retry", *words]).exit_code == 2


def test_what_a_forged_record_did_is_listed_and_a_retry_says_why_it_does_nothing(score: Operator) -> None:
    """What had its place is the owner's by now; what it caused stands until a person has seen to it."""
    score.write(
        "from tests.support import toy as it; it.register(); it.note_effect(about.key, about.sequence, 'toy.first')"
    )
    key = history(3)
    first, true, third = records(key)
    forged_id = ids.new()
    headers = [(name, str(forged_id).encode() if name == "ce_id" else value) for name, value in true.headers]
    score.deliver([first, replace(true, headers=headers, offset=50), true, third])
    (diverged,) = [line for line in score("parked", "list", "--json").json if line["reason"] == "failed"]
    again = score("parked", "retry", diverged["id"])
    assert again.code == 1
    assert "its owner is asked again which one is true" in again.err
    (cursor,) = [row for row in connection.database()["cursors"].find({}) if row["key"] == key]
    answers = [answering(one, cursor["doubt"]) for one in (first, true, third)]
    score.deliver([replace(one, offset=60 + n) for n, one in enumerate(answers)])
    assert drain(score) == 1
    assert [row["sequence"] for row in connection.database()["cursors"].find({"key": key})] == [3]
    (forged,) = score("parked", "list", "--json").json
    shown = score("parked", "show", forged["id"], "--json").json
    assert shown["event_id"] == str(forged_id)
    assert len(shown["effects"]) == 1
    assert shown["effects"][0].startswith("enrollment.institution_registered.v1 of ")
    assert shown["effects"][0] in score("parked", "show", forged["id"]).out
    refused = score("parked", "retry", forged["id"])
    assert refused.code == 1
    assert "is not its owner's" in refused.err
    assert score("parked", "discard", forged["id"], "--reason", "seen to").code == 0
    assert score("parked", "list", "--json").json == []
