"""A record that is tried again, one or all of them: applied, failed again, or said why not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from click.testing import CliRunner

from deploy.cli.main import main
from shared.kernel import ids
from shared.storage import connection
from tests.support.operator import GROUP, Operator, history, records
from tests.support.parked_history import NEEDS, drain, parked_history, sequences
from tests.support.records import answering


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
