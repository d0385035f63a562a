"""Reference: what others must show and no event may carry, since it is text: titles of modules, venues of classrooms.

It travels on compacted topics, as parties do, and can be taken back: a venue may be somebody's house.
"""

from __future__ import annotations

from typing import ClassVar, Final
from uuid import UUID

from shared.contracts.values import Module
from shared.contracts.wire.compacted import CompactedTopics, Entry
from shared.contracts.wire.shape import Integer, PersonalText

MODULE: Final = "module"
VENUE: Final = "venue"


class ModuleTitle(Entry, personal=True):
    """What a version of a module is called, in both languages."""

    TYPE: ClassVar[str] = "id.score.reference.module_title.v1"
    KEY: ClassVar[str] = "module_version_id"

    module_version_id: UUID
    version: Integer
    module: Module
    module_version: Integer
    title_in_indonesian: PersonalText
    title_in_english: PersonalText | None = None

    @property
    def kind(self) -> str:
        return MODULE


class Venue(Entry, personal=True):
    """Where a classroom takes place."""

    TYPE: ClassVar[str] = "id.score.reference.venue.v1"
    KEY: ClassVar[str] = "training_id"

    training_id: UUID
    version: Integer
    name: PersonalText
    address: PersonalText | None = None

    @property
    def kind(self) -> str:
        return VENUE


REFERENCE: Final = CompactedTopics("score.reference.", ("enrollment",), {cls.TYPE: cls for cls in (ModuleTitle, Venue)})
