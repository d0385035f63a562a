"""Keeps beside a row the number by which its institution knows it in a system of its own.

A number is one of an institution and a kind of thing: no two rows have the same. It is shown to that institution and to the
programme, to nobody else, and stays behind where a row goes to another provider. No event holds it.
"""

from __future__ import annotations

from typing import Any, Final, TypedDict, TypeVar
from uuid import UUID

import mongoengine as me
from pymongo import IndexModel

from shared.domain.errors import Conflict
from shared.kernel.context import current_principal, principal_or_none
from shared.kernel.errors import Fault
from shared.kernel.message import Message
from shared.storage.indexes import unique

EXTERNAL_ID: Final = "external_id"
TAKEN: Final = Fault("external-id-taken", Message("Another one of this provider has this number already."))
_OF_AN_INSTITUTION: Final = ("provider", "finance")  # a trainer's or an enterprise's system is another one


class OwnNumber(TypedDict, total=False):
    """A change of the number alone."""

    external_id: str | None


class RowWithIt(TypedDict):
    existing_id: UUID


class ExternalIdTaken(Conflict):
    """Another row of the institution has this number; `existing_id` says which."""

    type_name = "external-id-taken"
    declared_members = RowWithIt

    def __init__(self, existing_id: UUID) -> None:
        super().__init__(TAKEN.detail, errors=[TAKEN.at(f"/{EXTERNAL_ID}")], members={"existing_id": existing_id})
        self.existing_id = existing_id


class ExternallyNumbered:
    """What a document has whose rows an institution may number: it names the institution as `provider_id`."""

    external_id = me.StringField()
    id: Any
    provider_id: Any

    @property
    def shown_external_id(self) -> str | None:
        """Return the number, to those who may see it."""
        return self.external_id if may_see_number_of(self.provider_id) else None

    @property
    def numbered(self) -> Numbered | None:
        return (self.provider_id, self.external_id) if self.external_id else None

    def follow(self, provider_id: UUID) -> None:
        """Give the row to another provider, without the number that it had with the former one."""
        if provider_id != self.provider_id:
            self.external_id = None
        self.provider_id = provider_id


Row = TypeVar("Row", bound=Any)
Numbered = tuple[UUID, str]  # whose number it is, and the number


def by_number() -> IndexModel:
    """Declare the index by which a number is looked up, and is there once."""
    return unique("provider_id", EXTERNAL_ID, partialFilterExpression={EXTERNAL_ID: {"$exists": True}})


def may_see_numbers() -> bool:
    """Return whether the caller may see any numbers: the programme all, an institution its own."""
    return current_principal().role in ("programme", *_OF_AN_INSTITUTION)


def may_see_number_of(provider_id: UUID | None) -> bool:
    caller = principal_or_none()
    if caller is None:
        return False
    return caller.role == "programme" or (caller.role in _OF_AN_INSTITUTION and caller.institution == provider_id)


def require_free(row: Any, entered: dict[Numbered, UUID] | None = None) -> None:
    """Refuse a number that another row of the institution has; `entered` are those that this transaction has yet to store."""
    numbered: Numbered | None = row.numbered
    if numbered is None:
        return
    provider_id, external_id = numbered
    found = type(row).objects(provider_id=provider_id, external_id=external_id).only("id").first()
    other = found.id if found is not None else (entered or {}).get(numbered)
    if other not in (None, row.id):
        raise ExternalIdTaken(other)


def renumber(row: Row, changes: OwnNumber) -> Row:
    """Give a row another number or none; as it was it stays as it is."""
    if changes.get(EXTERNAL_ID, row.external_id) != row.external_id:
        row.external_id = changes[EXTERNAL_ID]
        require_free(row)
        row.save()
    return row
