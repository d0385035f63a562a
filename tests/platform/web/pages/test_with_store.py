"""What pages do with a real store: a form has one effect however often it is sent, lists page, reads of persons are noted."""

from __future__ import annotations

import hashlib
import importlib
import json
import re
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import orjson
import pytest

from shared.kernel import ids
from shared.storage import connection
from tests.support.applications import app_for
from tests.support.demo.cells import SERVICE


@pytest.fixture
def app(embedded, store):
    store(SERVICE)
    return app_for(SERVICE)


@pytest.fixture
def send(app, client, token):
    client.set_cookie("score_token", token("sari"), domain="localhost")
    csrf = re.search(r'name="_csrf" value="([0-9a-f]{64})"', client.get("/empty").text)[1]
    cookie = client.get_cookie("score_token", domain="localhost").value

    def post(once, path="/cells", **more):
        with app.test_client() as fresh:
            fresh.set_cookie("score_token", cookie, domain="localhost")
            return fresh.post(path, data={"_csrf": csrf, "_once": once, **more})

    return post


def stored():
    return connection.database()["cells"].count_documents({})


def test_a_form_sent_twice_has_one_effect_and_one_answer(send):
    once = str(ids.new())
    first, second = send(once), send(once)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["Location"] == second.headers["Location"]
    assert "score_said=" in "".join(second.headers.getlist("Set-Cookie")), "the repeat says the same"
    assert stored() == 1


def test_two_presses_at_once_have_one_effect(send):
    once = str(ids.new())
    with ThreadPoolExecutor(4) as presses:
        answers = list(presses.map(lambda _: send(once), range(4)))
    assert stored() == 1
    assert 303 in {answer.status_code for answer in answers}
    assert {answer.status_code for answer in answers} <= {303, 409}


def test_another_form_or_another_content_is_no_repeat(send):
    once = str(ids.new())
    send(once)
    send(once, name="changed after going back")
    send(str(ids.new()))
    assert stored() == 3


def test_what_was_typed_cannot_be_guessed_from_a_kept_answer_nor_after_an_upgrade(send):
    once = str(ids.new())
    typed = [("_once", once), ("name", "3319010101800001")]
    first = send(once, name=typed[1][1])
    rows = connection.database()["idempotency"]
    (kept,) = rows.find()
    without_key = hashlib.sha256(orjson.dumps(["/cells", typed, []])).hexdigest()
    assert without_key not in str(kept)

    operation, caller, key = json.loads(kept["_id"])
    old_id = json.dumps([f"{operation.rpartition(':')[0]}:{without_key}", caller, key])
    rows.insert_one({**kept, "_id": old_id, "digest": without_key})
    rows.delete_one({"_id": kept["_id"]})
    for _ in range(2):
        importlib.import_module("shared.migrations.0001_keyed_digests").apply(connection.database())
        assert list(rows.find()) == [kept]
    assert send(once, name=typed[1][1]).headers["Location"] == first.headers["Location"]
    assert stored() == 1


def test_a_refused_form_leaves_nothing(send):
    assert send(str(ids.new()), path="/cells/refused").status_code == 422
    assert stored() == 0
    assert connection.database()["idempotency"].count_documents({}) == 0


def test_a_list_narrows_orders_and_pages(send, client):
    names = ["Cahaya", "Abadi", "Damai", "Bintang"]
    rows = [{"_id": uuid4(), "name": name, "province": "ID-BA" if name < "D" else "ID-JT"} for name in names]
    connection.database()["cells"].insert_many(rows)
    seen, address = [], "/cells?sort=-name"
    while address:
        html = client.get(address).text
        seen += re.findall(r'role="rowheader">(\w+)<', html)
        following = re.search(r'href="([^"]+)" rel="next"', html)
        address = following and following[1].replace("&amp;", "&")
    assert seen == ["Damai", "Cahaya", "Bintang", "Abadi"]
    assert re.findall(r'role="rowheader">(\w+)<', client.get("/cells?province=ID-JT").text) == ["Damai"]
    assert client.get("/cells?cursor=nonsense").status_code == 400
    assert client.get("/cells?province[$gt]=&sort=nonsense").status_code == 200


def test_reads_and_refusals_of_personal_pages_are_noted(send, client, token):
    client.get("/cells")
    client.set_cookie("score_token", token("made"), domain="localhost")
    assert client.get("/cells").status_code == 403
    noted = list(connection.database()["access_log"].find({}))
    assert sorted((row["action"], row["subject"], row["outcome"]) for row in noted) == [
        ("cells", "made", "forbidden"), ("cells", "sari", "allowed"),
    ]  # fmt: skip
