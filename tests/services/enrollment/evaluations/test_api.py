"""Evaluations by signed link: once each, by nobody in particular, published from five answers up."""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask.testing import FlaskClient

from shared.kernel import ids
from shared.kernel.context import acting_as
from shared.storage import connection
from tests.support import factories
from tests.support.evaluations import answered, held
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
    training, headers = held(), tokens.headers("provider", institution=ALPHA)
    url = f"/v1/trainings/{training.id}/evaluation"
    for overall in (5, 4, 4, 2):
        assert answered(signed_link(ids.new(), training.id), overall).status_code == 201
    hidden = caller.get(url, headers=headers).json
    assert (hidden["published"], hidden["answers"], hidden["marks"]) == (False, None, [])
    assert answered(signed_link(ids.new(), training.id), 1).status_code == 201
    shown = caller.get(url, headers=headers).json
    assert (shown["published"], shown["answers"], shown["satisfied_percent"]) == (True, 5, 60)
    assert {mark["question"]: mark["mean"] for mark in shown["marks"]}["overall"] == 3.2
    assert caller.get(url, headers=tokens.headers("provider", institution=ids.new())).status_code == 404


def test_a_link_works_once_even_when_it_is_issued_again_or_used_twice_at_once(caller: FlaskClient) -> None:
    training, person = held(), ids.new()
    with ThreadPoolExecutor(4) as pool:
        links = [signed_link(person, training.id, seconds=600 + number) for number in range(4)]
        statuses = sorted(answer.status_code for answer in pool.map(answered, links))
    assert statuses == [201, 409, 409, 409]
    assert answered(links[0]).json["errors"][0]["code"] == "link-used"
    assert len(connection.database()["evaluations"].find_one({"_id": training.id})["answers"]) == 1


def test_what_is_kept_does_not_say_who_answered_what_or_when(caller: FlaskClient) -> None:
    training, people = held(), [ids.new() for _ in range(6)]
    for number, person in enumerate(people):
        answered(signed_link(person, training.id), 1 + number % 5)
    used = list(connection.database()["used_links"].find({}))
    kept = connection.database()["evaluations"].find_one({"_id": training.id})
    assert all(row.keys() == {"_id"} for row in used)
    assert kept.keys() == {"_id", "answers"}
    numbers = [answer["answer_id"] for answer in kept["answers"]]
    assert numbers == sorted(numbers)
    assert {number.version for number in numbers} == {4}
    everything = str(used) + str(kept)
    assert not [person for person in people if str(person) in everything or person.hex in everything]
    assert not {row["_id"] for row in used} & set(numbers)


def test_a_link_that_was_not_given_for_this_is_refused_and_leaves_nothing(caller: FlaskClient) -> None:
    training, person = held(), ids.new()
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
    assert connection.database()["used_links"].count_documents({}) == 0
    assert connection.database()["evaluations"].count_documents({}) == 0


def test_a_training_that_was_not_delivered_is_not_evaluated(caller: FlaskClient) -> None:
    with acting_as(STAFF):
        training = factories.training(ALPHA)
    assert answered(signed_link(ids.new(), training.id)).status_code == 409
    assert answered(signed_link(ids.new(), ids.new())).status_code == 404
