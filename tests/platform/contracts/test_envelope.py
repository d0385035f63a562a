"""CloudEvents on Kafka: there and back, readable by others, and `Undecodable` for everything malformed."""

import contextlib
import dataclasses
from datetime import UTC, datetime
from uuid import UUID

import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_binary_event
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from shared.contracts import samples
from shared.contracts.catalogue import all_events
from shared.contracts.envelope import Envelope
from shared.contracts.event import type_of
from shared.contracts.events.enrollment import ModuleCompleted
from shared.contracts.wire.shape import Undecodable, Unencodable
from tests.support.contract_strategies import instances, milliseconds

TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

traceparents = st.builds(
    "00-{}-{}-01".format,
    st.integers(1, 2**128 - 1).map(lambda n: f"{n:032x}"),
    st.integers(1, 2**64 - 1).map(lambda n: f"{n:016x}"),
)
envelopes = st.sampled_from(all_events()).flatmap(
    lambda cls: st.builds(
        Envelope.around,
        instances(cls),
        id=st.uuids(),
        time=milliseconds,
        sequence=st.integers(1, 10**15),
        correlation_id=st.uuids(),
        causation_id=st.none() | st.uuids(),
        traceparent=st.none() | traceparents,
        principal=st.none() | st.uuids(),
        institution=st.none() | st.uuids(),
    )
)


def envelope(**changes):
    event = samples.sample(ModuleCompleted)
    made = Envelope.around(
        event,
        id=UUID(int=1),
        time=datetime(2026, 11, 24, 7, 30, 0, 5000, tzinfo=UTC),
        sequence=3,
        correlation_id=UUID(int=2),
        causation_id=UUID(int=3),
        traceparent=TRACEPARENT,
        principal=UUID(int=4),
        institution=UUID(int=5),
    )
    return dataclasses.replace(made, **changes)


def changed(name, value):
    """A good record whose header `name` is another, or gone."""
    key, headers, body = envelope().record()
    kept = [(other, raw) for other, raw in headers if other != name]
    return key, kept if value is ... else [*kept, (name, value)], body


@settings(max_examples=60, deadline=None)
@given(envelopes)
def test_a_record_is_read_as_it_was_written(made):
    again = Envelope.from_record(*made.record())
    assert again == made
    assert again.record() == made.record()
    assert again.digest() == made.digest()


def test_the_headers_are_those_of_the_binding():
    key = str(envelope().key).encode()
    assert dict(envelope().headers()) == {
        "ce_specversion": b"1.0",
        "ce_id": b"00000000-0000-0000-0000-000000000001",
        "ce_type": b"id.score.enrollment.module_completed.v1",
        "ce_source": b"/score/enrollment",
        "ce_dataschema": b"urn:score:id.score.enrollment.module_completed.v1",
        "ce_time": b"2026-11-24T07:30:00.005Z",
        "ce_subject": key,
        "ce_sequence": b"0000000000000003",
        "ce_partitionkey": key,
        "ce_correlationid": b"00000000-0000-0000-0000-000000000002",
        "ce_causationid": b"00000000-0000-0000-0000-000000000003",
        "ce_principal": b"00000000-0000-0000-0000-000000000004",
        "ce_institution": b"00000000-0000-0000-0000-000000000005",
        "content-type": b"application/json",
        "traceparent": TRACEPARENT.encode(),
    }


@settings(max_examples=40, deadline=None)
@given(envelopes)
def test_the_cloudevents_library_reads_our_records(made):
    key, headers, body = made.record()
    event = from_binary_event(KafkaMessage(headers=dict(headers), key=key, value=body))
    assert event.get_specversion() == "1.0"
    assert event.get_id() == str(made.id)
    assert event.get_type() == made.type
    assert event.get_source() == made.source
    assert event.get_time() == made.time
    assert event.get_subject() == str(made.key)
    assert event.get_datacontenttype() == "application/json"
    assert event.get_extension("partitionkey") == str(made.key)
    assert int(event.get_extension("sequence")) == made.sequence
    assert event.get_dataschema() == f"urn:score:{made.type}"
    assert event.get_extension("correlationid") == str(made.correlation_id)
    assert isinstance(event.get_data(), dict)


def test_a_time_without_a_zone_is_not_written():
    with pytest.raises(ValueError, match="without a zone"):
        envelope(time=datetime(2026, 11, 24)).headers()  # noqa: DTZ001


def test_the_event_comes_back_on_demand():
    assert envelope().event() == samples.sample(ModuleCompleted)


def test_a_type_of_a_later_release_still_has_key_and_sequence():
    read = Envelope.from_record(*changed("ce_type", b"id.score.enrollment.module_praised.v1"))
    assert (read.event(), read.sequence) == (None, 3)


def test_a_body_about_another_aggregate_is_refused():
    other = str(UUID(int=9)).encode()
    _, headers, body = envelope(key=UUID(int=9)).record()
    with pytest.raises(Undecodable, match="another aggregate"):
        Envelope.from_record(other, headers, body).event()


def test_a_body_that_is_no_event_is_refused_on_demand_only():
    read = Envelope.from_record(*envelope(body=b"{").record())
    with pytest.raises(Undecodable):
        read.event()


def test_an_event_that_breaks_its_contract_gets_no_envelope():
    event = structs.replace(samples.sample(ModuleCompleted), module="no code")
    with pytest.raises(Unencodable):
        Envelope.around(event, id=UUID(int=1), time=datetime.now(UTC), sequence=1, correlation_id=UUID(int=2))


REQUIRED = [
    "ce_specversion",
    "ce_id",
    "ce_type",
    "ce_source",
    "ce_time",
    "ce_subject",
    "ce_sequence",
    "ce_partitionkey",
    "ce_correlationid",
    "content-type",
]


@pytest.mark.parametrize("name", REQUIRED)
@pytest.mark.parametrize("value", [..., b"", b"\xff\xfe", b"a b", b"x" * 600, None, b"line\nbreak"])
def test_a_required_header_that_is_missing_or_malformed_is_refused(name, value):
    with pytest.raises(Undecodable) as refused:
        Envelope.from_record(*changed(name, value))
    assert "line" not in refused.value.reason


def test_an_absurd_header_is_refused_before_it_is_read():
    with pytest.raises(Undecodable, match="longer than"):
        Envelope.from_record(*changed("ce_type", b"x" * 600))


@pytest.mark.parametrize(
    "value", [b"0", b"-1", b"1.0", b"one", b"+1", b"01", b"0" * 16, b"9" * 17, "٣".encode(), b"1_0"]
)
def test_a_sequence_that_is_no_whole_number_from_1_is_refused(value):
    with pytest.raises(Undecodable, match="sequence"):
        Envelope.from_record(*changed("ce_sequence", value))


def test_sequences_as_texts_are_in_their_order():
    texts = [dict(envelope(sequence=number).headers())["ce_sequence"] for number in (1, 9, 10, 11, 999, 2**53 - 1)]
    assert texts == sorted(texts)


@pytest.mark.parametrize("value", [b"3", b"0000000000000003"])
def test_a_sequence_is_read_as_it_is_written_now_and_as_it_was(value):
    assert Envelope.from_record(*changed("ce_sequence", value)).sequence == 3


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ce_specversion", b"0.3"),
        ("ce_time", b"2026-11-24T07:30:00+07:00"),
        ("ce_time", b"2026-11-31T07:30:00Z"),
        ("ce_id", b"7"),
        ("ce_causationid", b"7"),
        ("ce_principal", b"sari"),
        ("content-type", b"text/plain"),
        ("ce_partitionkey", str(UUID(int=8)).encode()),
        ("ce_subject", str(UUID(int=8)).encode()),
    ],
)
def test_a_header_that_says_something_else_is_refused(name, value):
    with pytest.raises(Undecodable):
        Envelope.from_record(*changed(name, value))


@pytest.mark.parametrize("key", [None, b"", b"\xff", str(UUID(int=8)).encode(), str(UUID(int=8)).upper().encode()])
def test_a_key_that_is_not_the_subject_is_refused(key):
    _, headers, body = envelope().record()
    with pytest.raises(Undecodable):
        Envelope.from_record(key, headers, body)


@pytest.mark.parametrize("body", [None, b"x" * 1_048_577])
def test_no_body_and_an_absurd_one_are_refused(body):
    key, headers, _ = envelope().record()
    with pytest.raises(Undecodable, match="body"):
        Envelope.from_record(key, headers, body)


def test_too_many_headers_and_one_given_twice_are_refused():
    key, headers, body = envelope().record()
    with pytest.raises(Undecodable, match="headers"):
        Envelope.from_record(key, [*headers, *[("x", b"")] * 64], body)
    with pytest.raises(Undecodable, match="twice"):
        Envelope.from_record(key, [*headers, ("ce_id", b"1")], body)


def test_headers_of_others_are_ignored():
    key, headers, body = envelope().record()
    assert (
        Envelope.from_record(key, [("x-hop", b"\xff"), *headers, ("ce_x", b"\xff"), ("ce_y", b""), ("y", None)], body)
        == envelope()
    )


@pytest.mark.parametrize(
    "value", [b"", b"\xff", b"00-zz-zz-01", b"ff" + TRACEPARENT[2:].encode(), b"00-" + b"0" * 32 + b"-1"]
)
def test_a_broken_traceparent_starts_a_new_trace_and_refuses_nothing(value):
    assert Envelope.from_record(*changed("traceparent", value)).traceparent is None


@settings(max_examples=300, deadline=None)
@given(
    st.none() | st.binary(max_size=40),
    st.lists(
        st.tuples(
            st.sampled_from([*REQUIRED, "traceparent", "x"]) | st.text(max_size=9), st.none() | st.binary(max_size=40)
        )
    ),
    st.none() | st.binary(max_size=40),
)
def test_garbage_is_undecodable_and_nothing_else(key, headers, body):
    with pytest.raises(Undecodable):
        Envelope.from_record(key, headers, body).event()


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_one_damaged_header_is_read_or_undecodable(data):
    name = data.draw(st.sampled_from([name for name, _ in envelope().headers()]))
    good = dict(envelope().headers())[name]
    at = data.draw(st.integers(0, len(good)))
    bad = good[:at] + data.draw(st.binary(max_size=3)) + good[at + data.draw(st.integers(0, 2)) :]
    with contextlib.suppress(Undecodable):
        Envelope.from_record(*changed(name, bad)).event()


def test_the_digest_tells_type_and_body_apart():
    assert len(envelope().digest()) == 32
    assert envelope(sequence=4, id=UUID(int=9)).digest() == envelope().digest()
    assert envelope(body=envelope().body + b" ").digest() != envelope().digest()
    assert envelope(type=type_of(ModuleCompleted)[:-1] + "2").digest() != envelope().digest()
