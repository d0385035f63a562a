"""What a letter is about, in words: days, hours, money, names of modules, parties and places as its reader expects them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Protocol
from urllib.parse import quote
from uuid import UUID
from zoneinfo import ZoneInfo

from shared.access.signed_links import address_of
from shared.i18n import formats
from shared.i18n.language import gettext as _
from shared.i18n.module_titles import module_title
from shared.messaging import parties, references
from shared.reference.zones import WIB


class Lookup(Protocol):
    """Finds what no event carries: titles, names, places."""

    def title(self, module: str) -> str: ...
    def party(self, party_id: UUID) -> tuple[str, str]: ...
    def venue(self, training_id: UUID) -> tuple[str, str]: ...


class Copies:
    """Finds it in the local copies; what has not arrived is empty."""

    def title(self, module: str) -> str:
        return module_title(module)

    def party(self, party_id: UUID) -> tuple[str, str]:
        row = parties.find_all([party_id]).get(party_id)
        return (row["name"], row["phone"] or "") if row else ("", "")

    def venue(self, training_id: UUID) -> tuple[str, str]:
        row = references.venue_of(training_id)
        return (row["name"], row["address"] or "") if row else ("", "")


class Signing(Protocol):
    """Gives the address of what the recipient alone may do: about a thing, or about themselves."""

    def __call__(self, purpose: str, object_id: UUID | str | None = None) -> str: ...


@dataclass(frozen=True, slots=True)
class Told:
    """What a letter is about; `to` says as what its recipient is written to, `zone` what the clock on their wall shows."""

    about: Mapping[str, Any]
    to: str
    language: str
    zone: str
    link_days: int
    link: Signing
    lookup: Lookup

    def word(self, key: str) -> str:
        return str(self.about.get(key) or "")

    def number(self, key: str) -> int:
        return int(self.about.get(key) or 0)

    def has(self, key: str) -> bool:
        return bool(self.about.get(key))

    def day(self, key: str) -> str:
        value = self.about.get(key)
        return formats.day(date.fromisoformat(value), self.language) if value else ""

    def days(self, key: str = "days") -> str:
        """Return days one a line."""
        return "\n".join(formats.day(date.fromisoformat(value), self.language) for value in self.about.get(key) or ())

    def first_day(self) -> str:
        days = self.about.get("days")
        return formats.day(date.fromisoformat(days[0]), self.language) if days else ""

    def money(self, key: str) -> str:
        return formats.money(self.number(key), self.language) if self.has(key) else ""

    def module(self) -> str:
        return self.lookup.title(self.word("module"))

    def modules(self, key: str) -> str:
        """Return modules one a line."""
        return "\n".join(self.lookup.title(module) for module in self.about.get(key) or ())

    def name(self, key: str) -> str:
        """Return the name of a party; empty where it is not known, or was erased."""
        value = self.about.get(key)
        return self.lookup.party(UUID(value))[0] if value else ""

    def name_and_phone(self, key: str) -> str:
        value = self.about.get(key)
        return "\n".join(filter(None, self.lookup.party(UUID(value)))) if value else ""

    def place(self) -> str:
        return (
            "\n".join(filter(None, self.lookup.venue(UUID(self.word("training_id")))))
            if self.has("training_id")
            else ""
        )

    def hours(self) -> str:
        """Return from when until when, by the clock of the place, and by the recipient's where that shows another time."""
        zone = self.word("zone") or WIB
        if not self.has("start_time"):
            return self.word("hours")
        there = self._hours(zone, zone)
        if formats.zone_name(zone) == formats.zone_name(self.zone):
            return there
        return "\n".join([there, _("by your clock: %(hours)s", hours=self._hours(zone, self.zone))])

    def page(self, service: str, path: str) -> str:
        return f"{address_of(service)}{quote(path)}"

    def _hours(self, zone: str, shown_in: str) -> str:
        day = date.fromisoformat(self.about["days"][0])
        clocks = [
            datetime.combine(day, time.fromisoformat(self.word(key)), ZoneInfo(zone)).astimezone(ZoneInfo(shown_in))
            for key in ("start_time", "end_time")
            if self.has(key)
        ]
        return f"{' – '.join(formats.clock(clock, self.language) for clock in clocks)} {formats.zone_name(shown_in)}"
