"""What the topics hold, and how far each group is behind."""

from __future__ import annotations

from shared.storage import connection
from tests.support import toy
from tests.support.operator import GROUP, Operator, history
from tests.support.waiting import until
from tests.support.worker_loops import running


def sent() -> bool:
    return connection.database()["pending"].find_one({}) is None


def test_a_group_is_behind_by_what_it_has_not_read(score: Operator, broker) -> None:
    history(3)
    with running(score.group()):
        until(lambda: len(toy.effects(GROUP)) == 3, "applied")
        until(lambda: _lag(score)[GROUP] == 0, "its position is committed")
    history(2)
    with running():
        until(sent, "sent")
    assert _lag(score)[GROUP] == 2
    assert _lag(score)["toy.suspensions"] == 5, "a group that never read has all of it before it"
    words = score("topics").out
    assert toy.TOPIC in words
    assert GROUP in words


def _lag(score: Operator) -> dict[str, int]:
    answer = score("topics", "--json")
    (topic,) = (one for one in answer.json if one["topic"] == toy.TOPIC)
    assert sum(part["end"] - part["start"] for part in topic["partitions"]) >= 3
    return {group["group"]: group["lag"] for group in topic["groups"]}


def test_every_topic_of_the_platform_is_there(score: Operator, broker) -> None:
    answer = score("topics", "--json", tree=False)
    assert answer.code == 0, answer.err
    assert {"score.enrollment", "score.reporting", "score.resend", "score.contacts.finance"} <= {
        one["topic"] for one in answer.json
    }
    assert any(group["group"] == "finance.suspensions" for group in answer.json[0]["groups"])


def test_a_missing_topic_and_a_broker_that_is_away_are_told(score: Operator) -> None:
    missing = score("topics", SCORE_TOPIC_PREFIX="nobody.made.")
    assert missing.code == 1
    assert f"missing: {toy.TOPIC}" in missing.err
    away = score("topics", SCORE_KAFKA="127.0.0.1:9")
    assert away.code == 1
    assert "the broker does not answer" in away.err
