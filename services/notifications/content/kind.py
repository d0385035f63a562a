"""A kind of letter: what causes it, to whom it goes, and what it says, described once for text and HTML alike."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

from services.notifications.content.told import Told
from services.notifications.occasions.calendar import Method
from services.notifications.preferences.topics import Topic
from shared.contracts.event import Event
from shared.kernel.message import gettext_noop

Audience: TypeAlias = Literal["enterprise", "participant", "trainer", "institution", "payer"]

REASONS: Final[Mapping[str, str]] = {
    "enterprise": gettext_noop(
        "You receive this letter because you are the contact of an enterprise in the programme."
    ),
    "participant": gettext_noop(
        "You receive this letter because you are registered for SCORE training and may be contacted about it."
    ),
    "trainer": gettext_noop("You receive this letter because you are a trainer of the programme."),
    "institution": gettext_noop("You receive this letter because your institution is a partner of the programme."),
    "payer": gettext_noop(
        "You receive this letter because your enterprise is registered as the payer of this invoice."
    ),
}


@dataclass(frozen=True, slots=True)
class Content:
    """What a letter says, in the recipient's language: one purpose, one button at most. A fact without a value is left out."""

    subject: str
    paragraphs: tuple[str, ...]
    facts: tuple[tuple[str, str], ...] = ()
    button: tuple[str, str] | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Heard:
    """An event that is told: to whom (`to` says which of its fields names them), and which of its fields the letter keeps.

    After the last of the days that `useful_until` names the letter is of no use. Where a letter about the same `thing` has
    not gone out yet, one `instead_of` which this would be written takes over what it says, and one that it `overtakes` is
    left unwritten.
    """

    event: type[Event]
    to: Mapping[Audience, str]
    about: tuple[str, ...]
    useful_until: tuple[str, ...] = ()
    institution: str = "provider_id"
    thing: str = ""
    instead_of: tuple[str, ...] = ()
    overtakes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Kind:
    """What is the same for all letters of a template. One that `must_arrive` goes out whatever its recipient chose;
    every other one belongs to the `topic` by which it is refused. With `calendar` it puts its occasion into the reader's calendar
    or takes it out, for which it is `about` an id, the days and the `sequence` of its event.

    Most follow from events alone (`heard`). Of the others `caused_by` names the event or the timer, `to` the recipients and
    `useful_until` the end of their use, for the page about letters. An `optional` letter is no work for anybody where its
    recipient has no address. `sample` is invented, for the preview and the tests.
    """

    label: str
    says: Callable[[Told], Content]
    sample: Mapping[str, Any]
    heard: tuple[Heard, ...] = ()
    caused_by: tuple[str, ...] = ()
    to: tuple[Audience, ...] = ()
    useful_until: str = ""
    must_arrive: bool = False
    topic: Topic | None = None
    calendar: Method | None = None
    optional: bool = False

    def is_refused(self, topics: Collection[Topic]) -> bool:
        return not self.must_arrive and self.topic in topics

    @property
    def audiences(self) -> tuple[Audience, ...]:
        return self.to or tuple(dict.fromkeys(audience for heard in self.heard for audience in heard.to))

    @property
    def causes(self) -> tuple[str, ...]:
        return self.caused_by or tuple(heard.event.__name__ for heard in self.heard)
