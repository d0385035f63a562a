"""The kinds of letters. A new one is a line here, its template, and the handler of the event that causes it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from services.notifications.occasions.calendar import Method
from services.notifications.preferences.topics import Topic
from shared.kernel.message import gettext_noop


@dataclass(frozen=True, slots=True)
class Kind:
    """What is the same for all letters of a template. One that `must_arrive` goes out whatever its recipient chose;
    every other one belongs to the `topic` by which it is refused. With
    `calendar` it puts its occasion into the reader's calendar or takes it out, of which it is `about` `training_id` or
    `visit_id`, `days` and `revision`, and where they are known `zone` and `hours`."""

    label: str
    must_arrive: bool = False
    topic: Topic = "trainings"
    calendar: Method | None = None

    def is_refused(self, topics: Collection[Topic]) -> bool:
        return not self.must_arrive and self.topic in topics


KINDS: Final[Mapping[str, Kind]] = {
    "invoice_issued": Kind(gettext_noop("Invoice issued"), must_arrive=True),
    "evaluation": Kind(gettext_noop("Evaluation of a training"), topic="evaluations"),
    "training_moved": Kind(gettext_noop("Training moved"), calendar="REQUEST"),
    "training_cancelled": Kind(gettext_noop("Training cancelled"), must_arrive=True, calendar="CANCEL"),
}
