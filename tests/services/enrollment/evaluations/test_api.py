"""Evaluations by signed link: once each, by nobody in particular, published in groups of five."""

from __future__ import annotations

import base64
import importlib
import uuid
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask.testing import FlaskClient

from services.enrollment.evaluations.labels import QUESTIONS
from services.enrollment.evaluations.model import Evaluation, GivenAnswer
from shared.access.signed_links import Link
from shared.kernel import clock, ids
from shared.kernel.context import acting_as, unscoped
from shared.storage import connection
from tests.support import factories
from tests.support.evaluations import answered, held, present, seated
from tests.support.factories import ALPHA, STAFF
from tests.support.fixture_types import Client
from tests.support.tokens import Tokens, signed_link

DEEP, KEY_OF_NO_KIND = b"[" * 1_300, b'{"kid": {"a": [1]}}'


def base64url(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


@pytest.fixture
def caller(client: Client) -> FlaskClient:
    found = client("enrollment")
    with acting_as(STAFF):
        factories.institution(ALPHA)
    return found


def test_figures_appear_with_the_fifth_answer(caller: FlaskClient, tokens: Tokens) -> None:
    training, people = held()
    headers, url = tokens.headers("provider", institution=ALPHA), f"/v1/trainings/{training.id}/evaluation"
    for person, overall in zip(people, (5, 4, 4, 2), strict=False):
        assert answered(signed_link(person, training.id), overall).status_code == 201
    hidden = caller.get(url, headers=headers).json
    assert (hidden["published"], hidden["answers"], hidden["marks"]) == (False, None, [])
    assert answered(signed_link(people[4], training.id), 1).status_code == 201
    shown = caller.get(url, headers=headers).json
    assert (shown["published"], shown["answers"], shown["satisfied_percent"]) == (True, 5, 60)
    assert {mark["question"]: mark["mean"] for mark in shown["marks"]}["overall"] == 3.2
    assert caller.get(url, headers=tokens.headers("provider", institution=ids.new())).status_code == 404


def test_whoever_reads_the_figures_after_every_answer_learns_no_answer(caller: FlaskClient, tokens: Tokens) -> None:
    training, people = held()
    headers, url = tokens.headers("provider", institution=ALPHA), f"/v1/trainings/{training.id}/evaluation"
    seen = [caller.get(url, headers=headers).json]
    for number, person in enumerate(people):
        assert answered(signed_link(person, training.id), 1 + number % 5).status_code == 201
        seen.append(caller.get(url, headers=headers).json)
    changes = [place for place, (before, after) in enumerate(pairwise(seen), start=1) if before != after]
    assert changes == [5, 10], "figures change by five answers at once"
    assert seen[-1]["answers"] == 10


def test_an_answer_leaves_no_row_under_an_idempotency_key(caller: FlaskClient) -> None:
    training, (person, *_) = held()
    before = list(connection.database()["idempotency"].find({}))
    link = signed_link(person, training.id)
    assert answered(link, Idempotency_Key="the-ninth").status_code == 201
    assert list(connection.database()["idempotency"].find({})) == before
    again = answered(link, Idempotency_Key="the-ninth")
    assert (again.status_code, again.json["errors"][0]["code"]) == (409, "link-used")


def test_only_who_was_there_on_every_day_is_heard(caller: FlaskClient) -> None:
    with acting_as(STAFF):
        enterprise = factories.brought(factories.enterprise(ALPHA), "enrolled")
        training = factories.training(ALPHA)
        *came, missed = seated(training.id, enterprise.id, 4)
        present(training, came)
    for somebody in (missed, ids.new()):
        refused = answered(signed_link(somebody, training.id))
        assert (refused.status_code, refused.json["errors"][0]["code"]) == (422, "link-not-valid")
        assert caller.get(f"/evaluations/{signed_link(somebody, training.id)}").status_code == 404
    assert connection.database()["link_uses"].count_documents({}) == 0
    assert answered(signed_link(came[0], training.id)).status_code == 201


def test_a_link_works_once_even_when_it_is_issued_again_or_used_twice_at_once(caller: FlaskClient) -> None:
    training, (person, *_) = held()
    with ThreadPoolExecutor(4) as pool:
        links = [signed_link(person, training.id, seconds=600 + number) for number in range(4)]
        statuses = sorted(answer.status_code for answer in pool.map(answered, links))
    assert statuses == [201, 409, 409, 409]
    assert answered(links[0]).json["errors"][0]["code"] == "link-used"
    assert len(connection.database()["evaluations"].find_one({"_id": training.id})["waiting"]) == 1


def test_what_is_kept_does_not_say_who_answered_what_or_when(caller: FlaskClient) -> None:
    training, people = held(6)
    for number, person in enumerate(people):
        answered(signed_link(person, training.id), 1 + number % 5)
    used = list(connection.database()["link_uses"].find({}))
    kept = connection.database()["evaluations"].find_one({"_id": training.id})
    assert all(row.keys() == {"_id"} for row in used)
    assert kept.keys() == {"_id", "answers", "waiting", "on_paper"}
    assert [len(kept[name]) for name in ("answers", "waiting")] == [5, 1]
    numbers = [answer["answer_id"] for answer in kept["answers"]]
    assert numbers == sorted(numbers)
    assert {number.version for number in numbers} == {4}
    everything = str(used) + str(kept)
    assert not [person for person in people if str(person) in everything or person.hex in everything]
    uses = {row["_id"] for row in used}
    assert not uses & set(numbers)
    soon = clock.now()
    guessed = {Link("evaluation", person, training.id, soon).used_id for person in people}
    assert not uses & guessed, "who knows all people and trainings, but no key, finds nobody's use"


def test_a_reader_of_the_store_sees_answers_in_groups_only(caller: FlaskClient) -> None:
    """Whoever looks after every write would else know the marks of the one who answered then."""
    training, people = held()
    seen, sizes = [], set()
    for number, person in enumerate(people):
        assert answered(signed_link(person, training.id), 1 + number % 5).status_code == 201
        row = connection.database()["evaluations"].find_one({"_id": training.id})
        waiting = row.get("waiting", [])
        assert not [one for one in waiting if one.keys() != {"key_id", "sealed"}]
        assert [one["sealed"] for one in waiting] == sorted(one["sealed"] for one in waiting)
        sizes |= {len(one["sealed"]) for one in waiting}
        seen.append([len(row["answers"]), str(row).count("overall")])
    assert seen == [[0, 0]] * 4 + [[5, 5]] * 5 + [[10, 10]] * 3
    assert len(sizes) == 1, "nor does their length tell the marks"
    kept = connection.database()["evaluations"].find_one({"_id": training.id})["answers"]
    assert sorted(answer["marks"]["overall"] for answer in kept) == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]


def test_answers_that_wait_in_clear_are_sealed_by_the_migration(caller: FlaskClient) -> None:
    training, (person, other, *_) = held()
    rows = connection.database()["evaluations"]
    marks = [{**dict.fromkeys(QUESTIONS, 3), "overall": 1 + number} for number in range(3)]
    waiting = [{"answer_id": uuid.uuid4(), "marks": each} for each in marks]
    rows.insert_one({"_id": training.id, "answers": [], "waiting": waiting})
    migration = importlib.import_module("services.enrollment.migrations.0011_sealed_answers")
    migration.apply(connection.database())
    assert answered(signed_link(person, training.id), 4).status_code == 201
    migration.apply(connection.database())
    row = rows.find_one({"_id": training.id})
    assert (len(row["waiting"]), str(row).count("overall")) == (4, 0)
    assert answered(signed_link(other, training.id), 5).status_code == 201
    kept = rows.find_one({"_id": training.id})["answers"]
    assert sorted(answer["marks"]["overall"] for answer in kept) == [1, 2, 3, 4, 5]


def test_a_link_that_was_not_given_for_this_is_refused_and_leaves_nothing(caller: FlaskClient) -> None:
    training, (person, *_) = held()
    wrong = {
        "expired": (signed_link(person, training.id, seconds=-60), "link-expired"),
        "another key": (signed_link(person, training.id, key=Ed25519PrivateKey.generate()), "link-not-valid"),
        "another purpose": (signed_link(person, training.id, purpose="consent"), "link-not-valid"),
        "another audience": (signed_link(person, training.id, aud="score"), "link-not-valid"),
        "nobody": (signed_link(person, training.id, sub=""), "link-not-valid"),
        "garbage": ("a.b.c", "link-not-valid"),
        "a header in a header": (f"{base64url(DEEP)}.e30.x", "link-not-valid"),
        "a key of no kind": (f"{base64url(KEY_OF_NO_KIND)}.e30.x", "link-not-valid"),
        "an absurd lifetime": (signed_link(person, training.id, exp=10**400), "link-not-valid"),
    }
    for what, (link, code) in wrong.items():
        answer = answered(link)
        assert (answer.status_code, answer.json["errors"][0]["code"]) == (422, code), what
        assert answer.json["errors"][0]["pointer"] == "/link"
    assert connection.database()["link_uses"].count_documents({}) == 0
    assert connection.database()["evaluations"].count_documents({}) == 0


def test_a_training_that_was_not_delivered_is_not_evaluated(caller: FlaskClient) -> None:
    with acting_as(STAFF):
        training = factories.training(ALPHA)
    assert answered(signed_link(ids.new(), training.id)).status_code == 409
    assert answered(signed_link(ids.new(), ids.new())).status_code == 404


def test_the_migration_keys_the_uses_of_links_and_holds_back_the_few(caller: FlaskClient) -> None:
    training, (person, *_) = held()
    link, few = Link("evaluation", person, training.id, clock.now()), ids.new()
    answers = [{"answer_id": uuid.uuid4(), "marks": {"overall": 4}}] * 3
    database = connection.database()
    database["used_links"].insert_one({"_id": link.used_id})
    database["evaluations"].insert_many([{"_id": few, "answers": answers}, {"_id": ids.new(), "answers": answers * 2}])
    migration = importlib.import_module("services.enrollment.migrations.0007_uses_of_links")
    for _ in range(2):
        migration.apply(database)
        assert database["used_links"].count_documents({}) == 0
        assert answered(signed_link(person, training.id)).status_code == 409
        rows = {
            row["_id"]: (len(row["answers"]), len(row.get("waiting", []))) for row in database["evaluations"].find()
        }
        assert rows.pop(few) == (0, 3)
        assert list(rows.values()) == [(6, 0)]
    importlib.import_module("services.enrollment.migrations.0011_sealed_answers").apply(database)
    with acting_as(STAFF):
        assert not published_evaluation_of(few)


def published_evaluation_of(training_id: UUID) -> tuple[GivenAnswer, ...]:
    with unscoped("the test looks behind the figures"):
        return tuple(Evaluation.get(training_id).answers)
