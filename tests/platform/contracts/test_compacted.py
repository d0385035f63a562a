"""Parties travel whole, are erased by a tombstone that knows its version, and never show themselves."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary_event
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.pretty import pretty_repr

from shared.contracts import samples
from shared.contracts.catalogue import COMPACTED, compacted_topics
from shared.contracts.parties import CONTACTS, Party
from shared.contracts.reference import REFERENCE
from shared.contracts.wire.compacted import Tombstone, entry_record, place_in, said_at
from shared.contracts.wire.shape import Undecodable, Unencodable
from tests.support.contract_strategies import instances, milliseconds

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)

entries = [(topics, entry) for topics in COMPACTED for entry in topics.entries.values()]
said = st.sampled_from(entries).flatmap(
    lambda kind: st.tuples(
        st.just(kind),
        instances(kind[1]).filter(lambda entry: 1 <= entry.version <= 10**15)
        | st.builds(Tombstone, key=st.uuids(), version=st.integers(1, 10**15)),
    )
)


@settings(max_examples=120, deadline=None)
@given(said, st.sampled_from(["enrollment", "finance"]), st.uuids(), milliseconds)
def test_a_record_is_read_as_it_was_written(said, owner, event_id, time):
    (topics, kind), what = said
    made = entry_record(what, kind.TYPE, owner=owner, event_id=event_id, time=time)
    assert read_back(*made, topics) == what


def read_back(key, headers, body, topics=CONTACTS):
    return said_at(place_in(topics, key, headers), body, topics)


def record(party):
    return entry_record(party, Party.TYPE, owner="finance", event_id=UUID(int=1), time=NOON)


def test_the_headers_are_cloudevents():
    party = samples.sample(Party)
    key, headers, body = record(party)
    event = from_binary_event(KafkaMessage(headers=dict(headers), key=key, value=body))
    assert event.get_type() == "id.score.contacts.party.v1"
    assert event.get_source() == "/score/finance"
    assert event.get_subject() == str(party.party_id)
    assert event.get_data()["name"] == party.name


def test_a_tombstone_has_no_body_and_its_version_in_the_headers():
    key, headers, body = record(Tombstone(key=UUID(int=7), version=12))
    assert (key, body) == (str(UUID(int=7)).encode(), None)
    assert dict(headers)["ce_sequence"] == b"0000000000000012"


def test_a_party_never_shows_itself():
    party = samples.sample(Party)
    for shown in (repr(party), str(party), f"{party}", f"{[party]}", pretty_repr(party)):
        assert str(party.party_id) in shown
        assert not any(personal in shown for personal in (party.name, party.email, party.phone))


@pytest.mark.parametrize("text", ["", "two\nlines", "a\r\nBcc: x@example.org", "nul\x00", "x" * 255, "\u2028", "\x85"])
def test_text_that_could_leave_its_line_is_refused(text):
    with pytest.raises(Unencodable) as refused:
        record(Party(party_id=UUID(int=1), version=1, kind="person", name=text))
    assert not text or text not in str(refused.value)


def test_another_party_or_version_than_the_headers_say_is_refused():
    party = samples.sample(Party)
    key, headers, body = record(party)
    other_key, other_headers, _ = record(Tombstone(key=UUID(int=7), version=party.version))
    _, later_headers, _ = record(Tombstone(key=party.party_id, version=party.version + 1))
    for mixed in (
        (other_key, other_headers, body),
        (key, later_headers, body),
        (other_key, headers, body),
        (None, headers, body),
    ):
        with pytest.raises(Undecodable):
            read_back(*mixed)


def test_an_event_is_no_party():
    key, headers, body = record(samples.sample(Party))
    kept = [(name, value) for name, value in headers if name != "ce_type"]
    with pytest.raises(Undecodable, match="nothing that travels"):
        read_back(key, [*kept, ("ce_type", b"id.score.finance.period_closed.v1")], body)


@settings(max_examples=100, deadline=None)
@given(
    st.none() | st.binary(max_size=40),
    st.lists(st.tuples(st.text(max_size=9), st.binary(max_size=40))),
    st.none() | st.binary(),
)
def test_garbage_is_undecodable_and_nothing_else(key, headers, body):
    with pytest.raises(Undecodable):
        read_back(key, headers, body)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_a_garbled_body_is_undecodable_and_nothing_else(body):
    key, headers, _ = record(samples.sample(Party))
    with pytest.raises(Undecodable):
        read_back(key, headers, body)


def test_topics_exist_for_owners_only():
    assert CONTACTS.of("finance") == "score.contacts.finance"
    assert compacted_topics(["enrollment", "reporting"]) == ("score.contacts.enrollment", "score.reference.enrollment")
    with pytest.raises(ValueError, match="reporting has no topic"):
        REFERENCE.of("reporting")


@pytest.mark.parametrize("kind", [kind for _, kind in entries])
def test_no_entry_shows_its_text(kind):
    shown = samples.sample(kind)
    for text in (repr(shown), str(shown), pretty_repr(shown)):
        assert "Contoh" not in text
        assert str(shown.key) in text
