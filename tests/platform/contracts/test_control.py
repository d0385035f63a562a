"""Requests for a resend and their answers."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.contracts.control import ResendAnswered, ResendRequested, TokenEnded, control_from_record, control_record
from shared.contracts.wire.shape import Undecodable
from tests.support.contract_strategies import instances, milliseconds

ASKED = ResendRequested(request_id=UUID(int=1), group="finance.billing", topic="score.enrollment")


def record(message=ASKED):
    return control_record(message, service="finance", message_id=UUID(int=2), time=datetime(2026, 11, 24, tzinfo=UTC))


@settings(max_examples=60, deadline=None)
@given(instances(ResendRequested) | instances(ResendAnswered) | instances(TokenEnded), st.uuids(), milliseconds)
def test_a_message_is_read_as_it_was_written(message, message_id, time):
    assert control_from_record(*control_record(message, service="finance", message_id=message_id, time=time)) == message


def test_the_key_keeps_a_group_in_order():
    assert record().key == b"finance.billing"
    with pytest.raises(Undecodable, match="another group"):
        control_from_record(b"finance.costs", record().headers, record().value)


def test_a_message_of_a_later_release_is_passed_over():
    headers = [(name, b"id.score.resend.paused.v1" if name == "ce_type" else raw) for name, raw in record().headers]
    assert control_from_record(record().key, headers, record().value) is None


@pytest.mark.parametrize("body", [None, b"", b"{}", b"[]", b"\xff"])
def test_a_garbled_body_is_undecodable(body):
    with pytest.raises(Undecodable):
        control_from_record(record().key, record().headers, body)


def test_missing_headers_are_undecodable():
    with pytest.raises(Undecodable):
        control_from_record(record().key, [], record().value)
