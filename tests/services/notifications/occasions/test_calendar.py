"""What stands in calendars is what was meant, whatever program reads it and whatever a name or a place says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from services.notifications.occasions.calendar import Occasion, feed, hours_of, invitation
from shared.kernel import ids
from shared.reference.zones import WIT
from tests.support.calendars import Read, read_by_both

NOW = datetime(2026, 11, 1, 8, tzinfo=UTC)
DAY = date(2026, 12, 1)
TRAINING = ids.derived("training", 1)
TIMED = Occasion(TRAINING, 2, (DAY, DAY + timedelta(1)), WIT, (time(8, 30), time(16)), "M1 Kerja Sama", "Aula Contoh")


def told(occasion: Occasion, method: str = "REQUEST") -> tuple[str, Read]:
    text = invitation(
        occasion,
        method,
        now=NOW,
        organizer=("SCORE Indonesia", "score@example.org"),
        attendee="sekar@example.org",  # type: ignore[arg-type]
    )
    assert "\n" not in text.replace("\r\n", ""), "lines end as RFC 5545 has it"
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    said, (entry,) = read_by_both(text)
    assert said == method
    return text, entry


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), ZoneInfo(WIT)).astimezone(None)


@pytest.mark.parametrize(
    "days",
    [
        (0,),
        (0, 1),
        (0, 1, 2),
        (0, 2),
        (0, 7, 14),
        (0, 1, 7, 8),
        (0, 3, 4, 30),
    ],
)
@pytest.mark.parametrize("hours", [None, (time(8, 30), time(16))])
def test_both_parsers_read_every_day_and_no_other(days: tuple[int, ...], hours: tuple[time, time] | None) -> None:
    planned = tuple(DAY + timedelta(number) for number in days)
    _, entry = told(replace(TIMED, days=tuple(reversed(planned)), hours=hours))
    assert (entry.uid, entry.sequence, entry.status) == (str(TRAINING), 2, "CONFIRMED")
    if hours is None:
        assert (entry.begins, entry.lasts) == (planned, timedelta(1))
    else:
        assert entry.begins == tuple(at(day, 8, 30) for day in planned)
        assert entry.lasts == timedelta(hours=7, minutes=30)


def test_a_moved_training_is_the_same_entry_with_a_higher_sequence_and_a_cancelled_one_too() -> None:
    (_, first), (_, moved) = told(TIMED), told(replace(TIMED, sequence=3, days=(date(2027, 1, 5),)))
    (_, gone) = told(replace(TIMED, sequence=4, cancelled=True), "CANCEL")
    assert {first.uid, moved.uid, gone.uid} == {str(TRAINING)}
    assert first.sequence < moved.sequence < gone.sequence
    assert (first.status, gone.status) == ("CONFIRMED", "CANCELLED")


HOSTILE = [
    "Aula\r\nATTENDEE:mailto:x@example.org",
    "Aula\nEND:VEVENT\nBEGIN:VEVENT",
    "Aula\rSUMMARY:lain",
    "Aula\x00\x0b\x0cSUMMARY:lain",
    "Aula\u2028SUMMARY:lain\x85UID:lain",
    'Aula, lantai 2; kamar "3": \\n dan \\, itu',
    "\u202eAula\u200b",
    "A" * 300,
    "Ā" * 120,
]


@pytest.mark.parametrize("words", HOSTILE)
def test_whatever_a_name_says_is_text(words: str) -> None:
    text, entry = told(replace(TIMED, summary=f"M1 {words}", location=words, description=words))
    plain = " ".join(words.replace("\x00", " ").replace("\u202e", "").replace("\u200b", "").split())
    assert (entry.summary, entry.location) == (f"M1 {plain}", plain)
    lines = text.replace("\r\n ", "").split("\r\n")
    names = [line.partition(":")[0].partition(";")[0] for line in lines if line]
    assert names.count("ATTENDEE") == names.count("SUMMARY") == 1
    assert names.count("BEGIN") == names.count("END")
    assert names.count("UID") == 1


def test_hours_of_which_one_is_missing_take_the_whole_day() -> None:
    assert hours_of("08:30", "16:00") == (time(8, 30), time(16))
    for unknown in ((None, None), ("08:30", None), (None, "16:00"), ("16:00", "08:30"), ("08:30", "08:30")):
        assert hours_of(*unknown) is None


def test_the_same_feed_is_the_same_text() -> None:
    said = [(TIMED, NOW), (replace(TIMED, id=ids.derived("training", 2), cancelled=True), NOW)]
    text = feed(said, name="SCORE: Sekar\r\nX:y")
    assert text == feed(said, name="SCORE: Sekar\r\nX:y")
    method, entries = read_by_both(text)
    assert method is None
    assert [entry.status for entry in entries] == ["CONFIRMED", "CANCELLED"]


def test_an_empty_feed_is_a_calendar() -> None:
    assert feed([], name="SCORE").startswith("BEGIN:VCALENDAR\r\n")
