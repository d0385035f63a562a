"""The operations page of a service: who may see it, what it shows, and what each of its forms does."""

from __future__ import annotations

import re
from dataclasses import replace
from uuid import UUID

import pytest

from shared.contracts.contacts import Party, party_record
from shared.messaging import generations
from shared.messaging.consumer import delivery_for
from shared.messaging.contact_outbox import tell
from shared.messaging.inbox import MongoInbox
from shared.messaging.parking import ParkingLot
from shared.messaging.ports import Incoming
from shared.runtime import clock, ids
from shared.runtime.context import SYSTEM, Principal, Trace, acting_as, new_traceparent, tracing
from shared.runtime.service import declared
from shared.runtime.settings import settings
from shared.storage import connection
from shared.storage.transaction import in_new_transaction
from shared.web.application import create_app
from shared.web.pages.operations.desk import OPERATIONS
from shared.web.permissions import ROLES
from tests.engines import environment
from tests.integration import toy
from tests.integration.messaging.running import running, until
from tests.monitor import MONITOR
from tests.pages.operated import GROUP, REACTION, SERVICE, history, records
from tests.pages.visitor import Visitor

READERS = {"programme", "auditor"}
CLAIMS = {
    "provider": {"institution": ids.new()}, "trainer": {"trainer": ids.new()},
    "enterprise": {"enterprise": ids.new()}, "sponsor": {"sponsor": ids.new()},
}  # fmt: skip


@pytest.fixture
def app(configured, store):
    """The toy's application; every write but the access log's belongs to a transaction."""
    store(SERVICE)
    REACTION.does = "works"
    MONITOR.watch()
    with acting_as(SYSTEM):
        yield create_app(SERVICE)
    MONITOR.finish(allowed={"access_log"})


@pytest.fixture
def staff(app):
    return Visitor(app, "programme")


def parked_history(length=4, does="fails"):
    """A key whose second record fails, and the addresses of its records' pages."""
    REACTION.does = does
    key = history(length)
    REACTION.deliver(records(key))
    return key, [f"/operations/parked/{GROUP}/{toy.TOPIC}/{key}/{number}" for number in range(2, length + 1)]


def reasons(key):
    rows = connection.database()["parked"].find({"key": key})
    return {row["sequence"]: row["reason"] for row in rows}


def pending():
    return connection.database()["pending"].count_documents({})


def keys_to_be_sent():
    database = connection.database()
    return [database["outbox"].find_one({"_id": row["_id"]})["key"] for row in database["pending"].find({})]


def publish():
    in_new_transaction(lambda: connection.database()["pending"].delete_many({}))


def accesses():
    return [
        (row["action"], row["role"], row["object"], row["outcome"])
        for row in connection.database()["access_log"].find({})
    ]


@pytest.mark.parametrize("service", declared(), ids=lambda service: service.name)
def test_every_service_has_the_page_without_code_of_its_own(configured, store, service):
    store(service)
    app = create_app(service)
    for role, language, title in (("programme", "id", "Operasional"), ("auditor", "en", "Operations")):
        words = Visitor(app, role, language).read("/operations")
        assert title in words
        assert service.fact_topic in words


def test_only_the_programme_and_its_auditors_see_it_and_only_the_programme_acts(app):
    key, (first, *_) = parked_history()
    for role in sorted(ROLES):
        somebody, reads = Visitor(app, role, **CLAIMS.get(role, {})), role in READERS
        for page in ("/operations", "/operations/story", first, *([] if reads else ["/operations/topics"])):
            somebody.read(page, 200 if reads else 403)
        somebody.read("/operations/again", 200 if role == "programme" else 403)
        front = somebody.client.get("/", headers={"Accept": "text/html"}).text
        assert ('href="/operations"' in front) == reads, role
        if role != "programme":
            token = re.search(r'name="_csrf" value="([^"]+)"', front)[1]
            for form in ("/operations/again", f"{first}/retry", f"{first}/discard"):
                sent = {"_csrf": token, "reason": "rehearsal", "what": "facts", "key": str(key)}
                assert somebody.client.post(form, data=sent).status_code == 403, role
            assert 'method="post" action="/operations' not in somebody.client.get(first).text
    refused = {(action, role) for action, role, _, outcome in accesses() if outcome == "forbidden"}
    assert ("operations_discard", "auditor") in refused
    assert not any(action in ("retry_parked", "discard_parked", "send_again") for action, *_ in accesses())
    assert connection.database()["parked"].find_one({"key": key, "sequence": 2})["tries"] == 1


def test_every_page_and_form_names_its_roles():
    for declared_page in OPERATIONS:
        assert set(declared_page.permits) <= READERS
        if declared_page.method == "POST":
            assert set(declared_page.permits) == {"programme"}


def test_somebody_unknown_signs_in_first_and_a_form_without_its_token_does_nothing(app, staff):
    key, (first, *_) = parked_history()
    assert app.test_client().get("/operations").status_code == 303
    assert app.test_client().post(f"{first}/discard", data={"reason": "x"}).status_code == 303
    refused = staff.client.post(f"{first}/discard", data={"reason": "rehearsal"})
    assert refused.status_code == 403
    assert reasons(key)[2] == "failed"


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
    assert any("not shown: parties are personal data" in staff.read(page) for page in pages)
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
        ("what=facts&day=2999-01-01", "still to come"),
        ("what=facts&day=yesterday", "Recorded since, day:"),
        ("what=facts&time=08:00", "This is required."),
        ("what=facts&day=2026-01-01&time=25:00", "time in WIB:"),
        ("what=contacts", "This service owns no parties."),
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


def test_parties_are_sent_again_by_their_owner(configured, store):
    enrollment = next(service for service in declared() if service.name == "enrollment")
    store(enrollment)
    staff = Visitor(create_app(enrollment), "programme")
    with acting_as(SYSTEM):
        for _ in range(2):
            party = Party(party_id=ids.new(), version=1, kind="person", name="Ketut", email="ketut@example.org")
            in_new_transaction(lambda party=party: tell(party))
    rows = connection.database()["contact_outbox"]
    in_new_transaction(lambda: rows.update_many({}, {"$unset": {"pending_at": ""}}))
    shown = f"/operations/again?what=contacts&key={party.party_id}"
    assert "again 1" in staff.read(shown)
    staff.send("/operations/again", shown="/operations/again?what=contacts")
    assert rows.count_documents({"pending_at": {"$exists": True}}) == 2
    assert "Parties are sent as a whole" in staff.read("/operations/again?what=contacts&day=2026-01-01", 422)


def test_what_waits_is_counted_with_its_age(staff):
    history(3)
    words = staff.read("/operations")
    assert "Rows not yet sent 3" in words
    assert re.search(r"The oldest waits \d+ seconds?", words)


def test_a_story_is_this_services_part_with_links_to_the_others(app, staff):
    correlation = ids.new()
    with tracing(Trace(correlation_id=correlation, traceparent=new_traceparent())):
        history(2)
    words = staff.read(f"/operations/story?correlation={correlation}")
    assert words.index("institution_registered") < words.index("institution_suspended")
    assert "Not sent yet." in words
    html = staff.client.get(f"/operations/story?correlation={correlation}").text
    assert f'href="http://127.0.0.1:8104/operations/story?correlation={correlation}"' in html
    publish()
    assert "Not sent yet." not in staff.read(f"/operations/story?correlation={correlation}")
    assert "recorded nothing" in staff.read(f"/operations/story?correlation={UUID(int=7)}")
    assert "Correlation id:" in staff.read("/operations/story?correlation=7", 422)
    staff.read("/operations/story?correlation=&lang=en", 422)


def test_topics_are_shown_with_each_groups_position_and_lag(staff, broker):
    key = history(3)
    with running(REACTION.group):
        until(lambda: len(toy.effects(GROUP)) == 3, "applied")
        until(lambda: _behind(staff)[GROUP] == "0", "its position is committed")
    toy.suspend(key)
    with running():
        until(lambda: not pending(), "sent")
    assert _behind(staff)[GROUP] == "1"
    assert _behind(staff)["toy.other"] == "4", "a group that never read has all of it before it"
    assert "score.contacts.enrollment" in staff.read("/operations/topics")


def _behind(staff):
    html = staff.client.get("/operations/topics").text
    rows = re.findall(r'role="rowheader">([^<]+)</th>.*?class="numeric">(\d+)<', html, re.DOTALL)
    return {group: behind for group, behind in reversed(rows) if group.startswith("toy.")}


def test_a_broker_that_is_away_is_told_and_the_rest_is_there(staff):
    with environment(SCORE_KAFKA="127.0.0.1:9"):
        assert "The broker does not answer" in staff.read("/operations/topics")
        assert "Waiting to be sent" in staff.read("/operations")


def test_topics_that_nobody_made_are_told(staff):
    with environment(SCORE_TOPIC_PREFIX=f"{settings().topic_prefix}nobody.made."):
        assert "The broker has no such topic" in staff.read("/operations/topics")


def test_a_projection_says_which_generation_is_read_and_how_far_the_next_one_is(configured, store):
    reporting = next(service for service in declared() if service.name == "reporting")
    (projection,) = (group.group for group in reporting.groups if group.projection)
    store(reporting)
    staff = Visitor(create_app(reporting), "auditor")
    assert "Nothing is being rebuilt" in staff.read("/operations")
    generations.begin(projection)
    words = staff.read("/operations")
    assert "Generation 2 is being built" in words
    assert "Generation 1" in words
    assert "0 of 0 keys" in words
    assert f'value="{generations.name_of(projection, 2)}"' in staff.client.get("/operations").text


def _delivery():
    return delivery_for(REACTION.group, MongoInbox(GROUP))
