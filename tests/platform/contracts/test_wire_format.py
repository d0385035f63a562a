"""Bytes and back for every contract, and nothing but the named refusals for everything else."""

from datetime import UTC, date, datetime, timedelta, timezone
from uuid import UUID

import jsonschema
import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from shared.contracts import golden, samples
from shared.contracts.event import Event, Owner, Registry
from shared.contracts.events.enrollment import EnterpriseRegistered, TrainingDelivered
from shared.contracts.events.notifications import LetterSent
from shared.contracts.events.reporting import ReportPublished
from shared.contracts.values import DeliveryMode
from shared.contracts.wire.codec import decode, encode
from shared.contracts.wire.schema import json_schema
from shared.contracts.wire.shape import Integer, Timestamp, Undecodable, Unencodable
from tests.support.contract_reader import read
from tests.support.contract_strategies import instances

CONTRACTS = golden.contracts()
each_contract = pytest.mark.parametrize("cls", CONTRACTS.values(), ids=CONTRACTS)
briefly = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@each_contract
def test_what_is_written_is_read_again(cls):
    validator = jsonschema.Draft202012Validator(
        json_schema(cls), format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )

    @briefly
    @given(instances(cls))
    def round_trip(instance):
        body = encode(instance)
        again = decode(cls, body)
        assert again == instance
        assert encode(again) == body
        raw = orjson.loads(body)
        validator.validate(raw)
        assert read(cls, raw) == instance

    round_trip()


@each_contract
def test_both_readers_agree_on_damaged_bodies(cls):
    """The reader and a plain one beside it accept the same bodies and read the same from them."""

    @settings(briefly, max_examples=25)
    @given(st.data())
    def agree(data):
        raw = orjson.loads(encode(samples.sample(cls)))
        _damage(raw, data)
        try:
            expected = read(cls, raw)
        except ValueError:
            with pytest.raises(Undecodable):
                decode(cls, orjson.dumps(raw))
        else:
            assert decode(cls, orjson.dumps(raw)) == expected

    agree()


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**62), 2**62),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=40).filter(lambda text: text.isprintable()),
    st.just([]),
    st.just({}),
    st.sampled_from(["2026-02-30", "20261117", "2026-11-17T07:00:00+07:00", "a b", "M1\n", "1e3"]),
    st.uuids().map(lambda one: str(one).upper()),
)


def _damage(raw, data):
    """Replace or drop one value, at any depth, or add one that nobody knows."""
    here = raw
    while True:
        keys = list(here) if isinstance(here, dict) else list(range(len(here)))
        if not keys or data.draw(st.integers(0, 9)) == 0:
            if isinstance(here, dict):
                here["added_by_a_later_release"] = data.draw(JUNK)
            return
        key = data.draw(st.sampled_from(keys))
        if isinstance(here[key], (dict, list)) and data.draw(st.booleans()):
            here = here[key]
            continue
        if data.draw(st.booleans()) and isinstance(here, dict):
            del here[key]
        else:
            here[key] = data.draw(JUNK)
        return


@briefly
@given(st.sampled_from(list(CONTRACTS.values())), st.binary(max_size=200))
def test_garbage_is_undecodable_and_nothing_else(cls, body):
    with pytest.raises(Undecodable):
        decode(cls, body)


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"1", b'"x"', b"{", b"\xff", b"[" * 5000, b"{}", b'{"a":NaN}'])
def test_bodies_that_are_no_event(body):
    with pytest.raises(Undecodable):
        decode(LetterSent, body)


def delivered():
    return orjson.loads(encode(samples.sample(TrainingDelivered)))


@pytest.mark.parametrize("spelling", ["{}-", "{}x", "{{{}}}", "urn:uuid:{}", " {}", "{}\n"])
def test_an_id_has_one_spelling(spelling):
    raw = delivered()
    raw["training_id"] = spelling.format(raw["training_id"])
    with pytest.raises(Undecodable, match="training_id: Invalid UUID"):
        decode(TrainingDelivered, orjson.dumps(raw))


def test_fields_of_a_later_release_are_skipped_at_every_depth():
    raw = delivered()
    raw["weather"] = "rain"
    raw["enterprises"][0]["attendance"]["guests"] = 3
    assert decode(TrainingDelivered, orjson.dumps(raw)) == samples.sample(TrainingDelivered)


@pytest.mark.parametrize("spelling", [str.upper, lambda text: text.replace("-", "")])
def test_the_spelling_of_an_id_inside_a_list_is_named(spelling):
    raw = delivered()
    raw["enterprises"][1]["journey_id"] = spelling(raw["enterprises"][1]["journey_id"])
    with pytest.raises(Undecodable, match=r"TrainingDelivered: enterprises\[1\]\.journey_id: not in the one spelling"):
        decode(TrainingDelivered, orjson.dumps(raw))


@pytest.mark.parametrize("value", ["Sari Contoh", "Sari - at `$.sari`", 'Sari "Contoh"', "Sari\nContoh", "Sari" * 99])
def test_the_reason_names_the_field_and_not_the_value(value):
    raw = delivered()
    headcount = raw["enterprises"][0]["attendance"]["workers"]
    for holder, field, where in (
        (headcount, "women", "enterprises[0].attendance.workers.women"),
        *((raw, name, name) for name in ("delivery_mode", "module", "delivered_on", "provider_id", "trainer_ids")),
    ):
        kept, holder[field] = holder[field], value
        with pytest.raises(Undecodable) as refused:
            decode(TrainingDelivered, orjson.dumps(raw))
        assert refused.value.reason.startswith(f"TrainingDelivered: {where}: ")
        assert "sari" not in str(refused.value).lower()
        holder[field] = kept


@pytest.mark.parametrize(
    "value", [b'"\xff"', b'"\\ud800"', b"01", b"1e999", b"NaN", b"[" * 100_000, b'{"a":' * 100_000]
)
def test_what_is_skipped_must_be_json_too(value):
    body = encode(samples.sample(TrainingDelivered))
    with pytest.raises(Undecodable, match="not JSON"):
        decode(TrainingDelivered, body[:-1] + b',"weather":' + value + b"}")


def test_an_absent_optional_is_not_written_and_null_is_read_as_absent():
    event = replace(samples.sample(EnterpriseRegistered), kbli=None)
    body = encode(event)
    assert b"kbli" not in body
    assert decode(EnterpriseRegistered, orjson.dumps(orjson.loads(body) | {"kbli": None})) == event


probe = Owner("probe", Registry())


@probe.event(key="probe_id")
class ProbeTaken(Event):
    """A probe of every scalar type was taken."""

    probe_id: UUID
    whole: Integer = 0
    flag: bool = False
    day: date = date(2026, 11, 17)
    moment: Timestamp = datetime(2026, 11, 17, tzinfo=UTC)
    count: Integer = 0
    days: tuple[date, ...] = ()
    mode: DeliveryMode = "direct"


@pytest.mark.parametrize(
    "wrong",
    [
        {"probe_id": "not-a-uuid"},
        {"whole": True},
        {"whole": 2**53},
        {"whole": 1.0},
        {"flag": 1},
        {"day": datetime(2026, 11, 17, tzinfo=UTC)},
        {"moment": datetime(2026, 11, 17)},  # noqa: DTZ001
        {"moment": date(2026, 11, 17)},
        {"probe_id": "8d57ead7-0b70-5d10-bb35-c0ef4ebb9fdd"},
        {"day": "2026-11-17"},
        {"moment": "2026-11-17T00:00:00.000Z"},
        {"days": [date(2026, 11, 17)]},
        {"count": 2**64},
        {"count": object()},
        {"mode": "directly"},
    ],
)
def test_an_event_that_breaks_its_contract_is_not_written(wrong):
    with pytest.raises(Unencodable, match=next(iter(wrong))):
        encode(ProbeTaken(**({"probe_id": UUID(int=7)} | wrong)))


@pytest.mark.parametrize("text", ["the trainer was ill", "sari@example.org", "M1\n", "", "x" * 65, "-M1", "kuliah é"])
def test_free_text_does_not_travel_as_a_code(text):
    event = samples.sample(LetterSent)
    with pytest.raises(Unencodable, match=r"LetterSent\.template"):
        encode(
            LetterSent(
                letter_id=event.letter_id, template=text, cause_id=event.cause_id, recipient_id=event.recipient_id
            )
        )


def test_a_moment_is_written_in_utc_with_milliseconds():
    assert b'"as_of":"2026-11-24T07:30:00.250Z"' in encode(samples.sample(ReportPublished))


def test_a_moment_of_another_zone_is_written_in_utc():
    at_home = datetime(2026, 11, 24, 14, 30, 0, 250_000, tzinfo=timezone(timedelta(hours=7)))
    assert b'"as_of":"2026-11-24T07:30:00.250Z"' in encode(replace(samples.sample(ReportPublished), as_of=at_home))


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00"])
def test_a_moment_beyond_all_years_is_refused(moment):
    raw = orjson.loads(encode(samples.sample(ReportPublished))) | {"as_of": moment}
    with pytest.raises(Undecodable, match="ReportPublished: a time that cannot be written"):
        decode(ReportPublished, orjson.dumps(raw))
