"""When somebody is written to, and what a refusal means."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.notifications.sending.rules import next_turn, quiet_hours, refusal

MORNING = datetime(2026, 11, 24, 23, 0, tzinfo=UTC)  # six o'clock in Jakarta, eight in Jayapura


@pytest.mark.parametrize(
    ("hours", "zone", "at", "over"),
    [
        ("21:00-06:00", "Asia/Jakarta", MORNING - timedelta(minutes=1), MORNING),
        ("21:00-06:00", "Asia/Jakarta", MORNING, None),
        ("21:00-06:00", "Asia/Jayapura", MORNING - timedelta(minutes=1), None),
        ("21:00-06:00", "Asia/Jakarta", MORNING + timedelta(hours=15), MORNING + timedelta(days=1)),
        ("21:00-06:00", "Asia/Jakarta", MORNING + timedelta(hours=14, minutes=59), None),
        ("00:00-06:00", "Asia/Jakarta", MORNING - timedelta(hours=5), MORNING),
        ("12:00-13:00", "Asia/Jakarta", MORNING + timedelta(hours=6, minutes=5), MORNING + timedelta(hours=7)),
    ],
)
def test_nobody_is_written_to_in_the_night_of_their_own_zone(
    hours: str, zone: str, at: datetime, over: datetime | None
) -> None:
    quiet = quiet_hours(hours)
    assert quiet is not None
    assert quiet.over_at(at, zone) == over


@pytest.mark.parametrize("none", ["", "21:00-21:00"])
def test_there_may_be_no_quiet_hours(none: str) -> None:
    assert quiet_hours(none) is None


def test_an_address_gets_so_many_letters_within_an_hour() -> None:
    claims = [MORNING - timedelta(minutes=ago) for ago in (90, 50, 20, 10)]
    assert next_turn(claims, MORNING, 4) is None
    assert next_turn(claims, MORNING, 3) == MORNING + timedelta(minutes=10)
    assert next_turn(claims, MORNING, 1) == MORNING + timedelta(minutes=50)


@pytest.mark.parametrize(
    ("code", "answer", "result", "address_refused"),
    [
        (550, b"no such user", "bounced", True),
        (550, b"5.1.1 no such user", "bounced", True),
        (553, b"5.1.3 bad address", "bounced", True),
        (550, b"5.2.1 closed", "bounced", True),
        (552, b"5.2.2 mailbox full", "bounced", False),
        (552, b"too much", "bounced", False),
        (554, b"spam", "bounced", False),
        (554, b"5.7.1 relaying denied", "bounced", False),
        (451, b"4.7.1 later", "deferred", False),
    ],
)
def test_only_what_speaks_of_the_address_ends_letters_to_it(
    code: int, answer: bytes, result: str, address_refused: bool
) -> None:
    outcome = refusal(code, answer)
    assert (outcome.result, outcome.address_refused, outcome.reason) == (result, address_refused, f"smtp-{code}")
