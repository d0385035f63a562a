"""Parked records on the operations page: shown without a person, tried again, given up with a reason."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from shared.contracts.parties import Party
from shared.kernel import clock, ids
from shared.kernel.principal import Principal
from shared.messaging.inbox.parking import ParkingLot
from shared.messaging.inbox.runner import delivery_for
from shared.messaging.inbox.store import MongoInbox
from shared.messaging.ports import Incoming
from shared.storage import connection
from shared.storage.transaction import in_new_transaction
from tests.support import toy
from tests.support.operated_toy import GROUP, REACTION, accesses, history, parked_history, reasons, records
from tests.support.records import party_record


def test_a_record_is_shown_with_what_it_waits_for_and_nothing_personal(staff):
    _, (first, second, _) = parked_history()
    words = staff.read(first)
    assert "Failed: needs a person" in words
    assert "ValueError: the invented bug of ***" in words
    assert "2 records of the same key" in words
    assert "&#34;reason&#34;: &#34;audit&#34;" in staff.client.get(first).text
    html = staff.client.get(second).text
    assert f'href="{first}"' in html, "it leads to what it queues behind"
    assert f'action="{second}/discard"' not in html, "only the first can be given up"
    _, (waiting, *_) = parked_history(does="waits")
    assert "enrollment.institution_registered.v1" in staff.read(waiting)


def test_of_a_party_and_of_a_broken_contract_no_person_is_shown(staff):
    party = Party(party_id=ids.new(), version=1, kind="person", name="Ketut", email="ketut@example.org")
    sent = party_record(party, owner="enrollment", event_id=ids.new(), time=clock.now())
    REACTION.deliver([Incoming("score.contacts.enrollment", 1, 7, sent.key, sent.headers, sent.value)])
    (record,) = records(history(1))
    broken = record.value.replace(b'"private_provider"', b'"Ni Ketut of Ubud"')
    REACTION.deliver([replace(record, value=broken)])
    REACTION.deliver([Incoming(toy.TOPIC, 2, 5, b"Ketut", [("x-name", b"Ketut")], b'{"full_name": "Ketut"}')])
    pages = re.findall(r'href="(/operations/parked/[^"]+)"', staff.client.get("/operations").text)
    assert len(pages) == 3
    for page in ("/operations", *pages):
        assert "etut" not in staff.client.get(page).text
    assert any("not shown: its text may be personal data" in staff.read(page) for page in pages)
    assert any("not shown: no header says what it is" in staff.read(page) for page in pages)


@pytest.mark.parametrize("reason", ["", "   "])
def test_giving_up_needs_a_reason(staff, reason):
    key, (first, *_) = parked_history()
    answer = staff.send(f"{first}/discard", shown=first, status=422, reason=reason)
    assert "This is required." in answer
    assert '<details class="confirmation" open' in answer
    assert reasons(key) == {2: "failed", 3: "gap", 4: "gap"}


def test_what_is_given_up_is_kept_with_the_reason_and_its_key_goes_on(staff):
    key, (first, second, _) = parked_history()
    assert staff.send(f"{first}/discard", shown=first, reason="data of a rehearsal") == first
    words = staff.read(first)
    assert "The record is given up and kept with the reason. Still parked of its key: 2." in words
    who = Principal(subject="programme-1", role="programme", issuer="score-embedded").id
    assert f"data of a rehearsal (programme {who})" in words
    assert f'action="{first}/discard"' not in staff.client.get(first).text
    assert ("discard_parked", "programme", key, "allowed") in accesses()
    REACTION.does = "works"
    assert ParkingLot(_delivery()).retry_due() == 2
    assert [sequence for found, sequence in toy.effects(GROUP) if found == key] == [1, 3, 4]
    assert first in staff.client.get("/operations?reason=discarded").text
    assert second not in staff.client.get("/operations").text


def test_a_record_that_fails_again_says_so_and_after_a_mend_it_is_applied(staff):
    key, (first, second, third) = parked_history()
    assert staff.send(f"{first}/retry", shown=first) == first
    words = staff.read(first)
    assert "It failed again: ValueError: the invented bug of ***" in words
    assert connection.database()["parked"].find_one({"key": key, "sequence": 2})["tries"] == 2
    REACTION.does = "works"
    assert staff.send(f"{third}/retry", shown=third) == third
    assert "number 4 of this key comes after number 2" in staff.read(third)
    assert staff.send(f"{first}/retry", shown=first) == "/operations"
    assert "The record is applied. Still parked of its key: 2." in staff.read("/operations")
    assert [sequence for found, sequence in toy.effects(GROUP) if found == key] == [1, 2]
    assert accesses().count(("retry_parked", "programme", key, "allowed")) == 3
    assert staff.send(f"{second}/retry", shown=second) == "/operations"


def test_a_record_that_is_gone_meanwhile_is_told_calmly(staff):
    key, (first, *_) = parked_history(length=2)
    html = staff.client.get(first).text
    hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html))
    REACTION.does = "works"
    assert staff.send(f"{first}/retry", shown=first) == "/operations"
    for form in ("retry", "discard"):
        again = staff.client.post(f"{first}/{form}", data={**hidden, "_once": str(ids.new()), "reason": "late"})
        assert again.headers["Location"] == "/operations"
        assert "It is no longer parked" in staff.read("/operations")
    assert [sequence for found, sequence in toy.effects(GROUP) if found == key] == [1, 2]


@pytest.mark.parametrize("record", ["toy.first/score.enrollment/0/2", "nothing", "a/b/c/d/e", "a/b/c/retry"])
def test_an_unknown_record_is_not_there(staff, record):
    words = staff.read(f"/operations/parked/{record}", 404)
    assert "There is nothing here" in words


def test_a_record_of_a_group_that_is_gone_waits_for_its_release(staff):
    key, (first, *_) = parked_history()
    row = connection.database()["parked"].find_one({"key": key, "sequence": 2})
    gone = {**row, "_id": f"toy.gone|{toy.TOPIC}|{key}|2", "group": "toy.gone"}
    in_new_transaction(lambda: connection.database()["parked"].insert_one(gone))
    assert "This release has no such group" in staff.read(first.replace(GROUP, "toy.gone"))


def test_the_list_is_narrowed_by_reason_and_group_and_goes_page_by_page(staff):
    for _ in range(14):
        parked_history(length=3)
    seen, address = [], "/operations"
    while address:
        html = staff.client.get(address).text
        seen.append(re.findall(r'href="/operations/parked/([^"]+)"', html))
        following = re.search(r'href="([^"]+)" rel="next"', html)
        address = following and following[1].replace("&amp;", "&")
    assert [len(page) for page in seen] == [25, 3]
    everything = [record for page in seen for record in page]
    assert len(set(everything)) == 28
    assert all(record.endswith("/2") for record in everything[:14]), "what waits for a person comes first"
    assert len(re.findall("/operations/parked/", staff.client.get("/operations?reason=gap").text)) == 14
    assert "/operations/parked/" not in staff.client.get("/operations?group=toy.other").text
    staff.read("/operations?cursor=nonsense", 400)
    staff.read("/operations?cursor=0~2026-01-01T00:00:00~1~x", 400)


def _delivery():
    return delivery_for(REACTION.group, MongoInbox(GROUP))
