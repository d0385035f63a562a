"""Bytes and back for every contract, and nothing but the named refusals for everything else."""

import dataclasses
from datetime import UTC, date, datetime
from uuid import UUID

import jsonschema
import marshmallow
import orjson
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.contracts import golden, samples
from shared.contracts.event import Event, Owner, Registry
from shared.contracts.events.enrollment import EnterpriseRegistered, TrainingDelivered
from shared.contracts.events.notifications import LetterSent
from shared.contracts.events.reporting import ReportPublished
from shared.contracts.wire.schema import decode, encode, json_schema, schema_of
from shared.contracts.wire.shape import Undecodable, Unencodable
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
        assert schema_of(cls).load(raw) == instance
        assert orjson.dumps(schema_of(cls).dump(instance), option=orjson.OPT_SORT_KEYS) == orjson.dumps(
            _with_absent(raw, schema_of(cls).dump(instance)), option=orjson.OPT_SORT_KEYS
        )

    round_trip()


def _with_absent(raw, dumped):
    """marshmallow also writes empty lists; everything else is the same."""
    if isinstance(raw, dict):
        return {key: _with_absent(raw.get(key, []), item) for key, item in dumped.items()}
    return [_with_absent(*pair) for pair in zip(raw, dumped, strict=True)] if isinstance(raw, list) else raw


@each_contract
def test_both_readers_agree_on_damaged_bodies(cls):
    """The compiled reader and the documented schema accept the same bodies and read the same from them."""

    @settings(briefly, max_examples=25)
    @given(st.data())
    def agree(data):
        raw = orjson.loads(encode(samples.sample(cls)))
        _damage(raw, data)
        try:
            expected = schema_of(cls).load(raw)
        except marshmallow.ValidationError:
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
    with pytest.raises(Undecodable, match="training_id: not a UUID"):
        decode(TrainingDelivered, orjson.dumps(raw))


def test_fields_of_a_later_release_are_skipped_at_every_depth():
    raw = delivered()
    raw["weather"] = "rain"
    raw["enterprises"][0]["attendance"]["guests"] = 3
    assert decode(TrainingDelivered, orjson.dumps(raw)) == samples.sample(TrainingDelivered)


def test_the_reason_names_the_field_and_not_the_value():
    raw = delivered()
    raw["enterprises"][0]["attendance"]["workers"]["women"] = "Sari Contoh"
    with pytest.raises(Undecodable) as refused:
        decode(TrainingDelivered, orjson.dumps(raw))
    assert "enterprises[].attendance.workers.women" in refused.value.reason
    assert "Sari" not in str(refused.value)


def test_the_schema_names_every_wrong_field():
    raw = delivered()
    del raw["module"]
    raw["delivered_on"] = "yesterday"
    raw["enterprises"][1]["attendance"]["workers"]["men"] = True
    with pytest.raises(marshmallow.ValidationError) as refused:
        schema_of(TrainingDelivered).load(raw)
    assert set(refused.value.messages) == {"module", "delivered_on", "enterprises"}
    assert set(refused.value.messages["enterprises"][1]["attendance"]["workers"]) == {"men"}


def test_an_absent_optional_is_not_written_and_null_is_read_as_absent():
    event = dataclasses.replace(samples.sample(EnterpriseRegistered), kbli=None)
    body = encode(event)
    assert b"kbli" not in body
    assert decode(EnterpriseRegistered, orjson.dumps(orjson.loads(body) | {"kbli": None})) == event


probe = Owner("probe", Registry())


@probe.event(key="probe_id")
class ProbeTaken(Event):
    """A probe of every scalar type was taken."""

    probe_id: UUID
    whole: int = 0
    flag: bool = False
    day: date = date(2026, 11, 17)
    moment: datetime = datetime(2026, 11, 17, tzinfo=UTC)
    count: int = 0


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
