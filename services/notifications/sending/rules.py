"""Says when somebody is written to, and what a refusal of the relay means."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final, Literal, TypeAlias
from zoneinfo import ZoneInfo

Result: TypeAlias = Literal["sent", "bounced", "deferred", "ambiguous", "failed", "withdrawn"]
PERMANENT: Final = 500
HOUR: Final = timedelta(hours=1)
ABOUT_THE_TEXT: Final = (552, 554)  # without an enhanced code these speak of the letter as often as of its recipient
_ENHANCED: Final = re.compile(rb"\s*5\.(\d{1,3})\.(\d{1,3})\b")


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From when until when, by the clock on the recipient's wall, nobody is written to."""

    begin: time
    end: time

    def over_at(self, now: datetime, zone: str) -> datetime | None:
        """Return when they end for somebody who is in them now, else None."""
        here = now.astimezone(ZoneInfo(zone))
        at_night = self.begin > self.end
        inside = (
            (here.time() >= self.begin or here.time() < self.end) if at_night else self.begin <= here.time() < self.end
        )
        if not inside:
            return None
        tomorrow = at_night and here.time() >= self.begin
        return datetime.combine(here.date() + timedelta(days=int(tomorrow)), self.end, here.tzinfo).astimezone(
            now.tzinfo
        )


def quiet_hours(chosen: str) -> QuietHours | None:
    """Read `21:00-06:00`; None for nothing, and for hours that end when they begin."""
    begin, _, end = chosen.partition("-")
    return QuietHours(time.fromisoformat(begin), time.fromisoformat(end)) if begin != end else None


def next_turn(claims: Sequence[datetime], now: datetime, most: int) -> datetime | None:
    """Return when one more letter may go to an address to which letters were claimed then; None for now."""
    recent = sorted(moment for moment in claims if now - moment < HOUR)
    return None if len(recent) < most else recent[-most] + HOUR


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a letter at the relay. `broken` says that the connection is of no more use."""

    result: Result
    reason: str = ""
    address_refused: bool = False
    broken: bool = False


def refusal(code: int, answer: bytes) -> Outcome:
    """Say what a refusal of the recipient or of the text means."""
    if code < PERMANENT:
        return Outcome("deferred", f"smtp-{code}", broken=code == 421)  # noqa: PLR2004 - RFC 5321: the channel closes
    enhanced = _ENHANCED.match(answer)
    if enhanced is None:
        return Outcome("bounced", f"smtp-{code}", address_refused=code not in ABOUT_THE_TEXT)
    subject, detail = int(enhanced[1]), int(enhanced[2])
    # RFC 3463: 1 is the address; 2.0 and 2.1 the mailbox, gone or closed. Full, too large, policy or content is neither
    return Outcome(
        "bounced", f"smtp-{code}", address_refused=subject == 1 or (subject, detail) in ((0, 0), (2, 0), (2, 1))
    )
