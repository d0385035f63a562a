"""Sending again from the operations page: how much it is is said first."""

from __future__ import annotations

import re

import pytest

from shared.contracts.parties import Party
from shared.kernel import clock, ids
from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM
from shared.kernel.service import declared
from shared.messaging.outbox.compacted import publish_party
from shared.storage import connection
from shared.storage.transaction import in_new_transaction
from tests.support import toy
from tests.support.applications import app_for
from tests.support.engines import environment
from tests.support.operated_toy import accesses, history, keys_to_be_sent, pending, publish
from tests.support.visitor import Visitor


def test_sending_again_says_first_how_much_it_is(staff):
    key = history(3)
    history(2)
    publish()
    words = staff.read(f"/operations/again?what=facts&key={key}")
    assert "Rows that would be sent again 3" in words
    assert pending() == 0
    shown = f"/operations/again?what=facts&key={key}"
    assert staff.send("/operations/again", shown=shown, what="facts") == "/operations"
    assert f"3 rows of {toy.TOPIC} wait to be sent again" in staff.read("/operations")
    assert set(keys_to_be_sent()) == {key}
    assert ("send_again", "programme", key, "allowed") in accesses()


def test_everything_since_a_moment_is_sent_again(staff):
    old, new = history(2), history(3)
    publish()
    rows = connection.database()["outbox"]
    change = {"$set": {"recorded_at": clock.now().replace(year=2020, month=3, day=1, hour=1, minute=30)}}
    in_new_transaction(lambda: rows.update_many({"key": old}, change))
    assert "again 3" in staff.read("/operations/again?what=facts&day=2020-03-01&time=08:31")
    assert "again 5" in staff.read("/operations/again?what=facts&day=2020-03-01&time=08:29"), "08:30 WIB is 01:30 UTC"
    shown = "/operations/again?what=facts&day=2020-03-02"
    staff.send("/operations/again", shown=shown)
    assert keys_to_be_sent() == [new] * 3


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("what=facts", "Give one of the two"),
        ("what=facts&key=0198c0de-0000-7000-8000-000000000001&day=2026-01-01", "Give one of the two"),
        ("what=facts&key=7", "Key:"),
        ("what=facts&day=2999-01-01", "in the future"),
        ("what=facts&day=yesterday", "Recorded since, day:"),
        ("what=facts&time=08:00", "This is required."),
        ("what=facts&day=2026-01-01&time=25:00", "time in WIB:"),
        ("what=contacts", "This service owns none of these."),
        ("what=everything&day=2026-01-01", "What:"),
    ],
)
def test_what_does_not_go_together_is_said_beside_the_field(staff, query, said):
    words = staff.read(f"/operations/again?{query}", 422)
    assert said in words
    assert "Not saved" not in words


def test_more_than_the_page_may_send_is_left_to_the_command(staff):
    key = history(3)
    publish()
    shown = f"/operations/again?what=facts&key={key}"
    html = staff.client.get(shown).text
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html.partition("<main")[2]))
    with environment(SCORE_OPERATIONS_MOST_ROWS="2"):
        assert "more than the 2" in staff.read(shown)
        refused = staff.client.post("/operations/again", data=hidden)
        assert refused.status_code == 409
        assert "score outbox republish" in refused.text
    assert pending() == 0
    assert "There is nothing to send" in staff.read(f"/operations/again?what=facts&key={ids.new()}")


def test_parties_are_sent_again_by_their_owner(embedded, store):
    enrollment = next(service for service in declared() if service.name == "enrollment")
    store(enrollment)
    staff = Visitor(app_for(enrollment), "programme")
    with acting_as(SYSTEM):
        for _ in range(2):
            party = Party(party_id=ids.new(), version=1, kind="person", name="Ketut", email="ketut@example.org")
            in_new_transaction(lambda party=party: publish_party(party))
    rows = connection.database()["contact_outbox"]
    in_new_transaction(lambda: rows.update_many({}, {"$unset": {"pending_at": ""}}))
    shown = f"/operations/again?what=contacts&key={party.party_id}"
    assert "again 1" in staff.read(shown)
    staff.send("/operations/again", shown="/operations/again?what=contacts")
    assert rows.count_documents({"pending_at": {"$exists": True}}) == 2
    assert "everything else is sent as a whole" in staff.read("/operations/again?what=contacts&day=2026-01-01", 422)
