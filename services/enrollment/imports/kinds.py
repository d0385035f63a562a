"""The kinds of imports from spreadsheets: the columns follow from the request of the same command of the API.

A row becomes the body of that request and is judged by the same schema and the same command. Its natural key says which
entry it stands for, so that the same row again changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias
from uuid import UUID

import orjson

from services.enrollment.enterprises import commands
from services.enrollment.enterprises.commands import SignUps
from services.enrollment.enterprises.errors import UNKNOWN_ENTERPRISE
from services.enrollment.enterprises.model import Enterprise
from services.enrollment.enterprises.queries import ids_by_nib
from services.enrollment.enterprises.queries import is_registered_so as is_enterprise
from services.enrollment.enterprises.schemas import RegisterEnterprise
from services.enrollment.errors import refused
from services.enrollment.imports.labels import FIELDS
from services.enrollment.institutions import commands as institutions_commands
from services.enrollment.institutions.schemas import RegisterInstitution
from services.enrollment.people.commands import RegistrationLookup, register_participant
from services.enrollment.people.queries import is_registered_so as is_person
from services.enrollment.people.schemas import RegisterParticipant
from shared.domain.aggregate import StoredDocument
from shared.domain.external_ids import ExternalIdTaken
from shared.domain.names import name_key
from shared.kernel import ids
from shared.kernel.keys import digest, keyed
from shared.tabular.columns import Column, columns_of
from shared.web.fields import Identifier, Text
from shared.web.schema import Schema

Row: TypeAlias = Mapping[str, Any]  # a body of the command's request, from a line of a sheet


@dataclass(frozen=True, slots=True)
class Known:
    """An entry that was there before the import, under its institution's own number and as the row describes it."""

    id: UUID


Command: TypeAlias = Callable[..., StoredDocument | Known]

ROW: Final = "imported row"  # what a digest is of


class ImportParticipant(RegisterParticipant):
    """A sheet may name the enterprise by its NIB, which people know, in place of its id."""

    LABELS = FIELDS

    enterprise_id = Identifier()
    enterprise_nib = Text(longest=20)


def registering_people(rows: Sequence[Row], rehearsed: bool) -> Command:
    """Return the command for people, which looks up once what a whole slice of rows needs."""
    del rehearsed  # people are compared with those of their own enterprise
    by_nib = ids_by_nib(
        list({row["enterprise_nib"] for row in rows if "enterprise_id" not in row and row.get("enterprise_nib")})
    )

    def enterprise_of(row: Row) -> UUID | None:
        return row.get("enterprise_id") or by_nib.get(row.get("enterprise_nib", ""))

    among = RegistrationLookup.of([(of, row["name"]) for row in rows if (of := enterprise_of(row))])

    def register(**row: Any) -> StoredDocument | Known:
        enterprise_id = enterprise_of(row)
        if enterprise_id is None:
            raise refused("/enterprise_nib", UNKNOWN_ENTERPRISE)
        described = {name: value for name, value in row.items() if name not in ("enterprise_id", "enterprise_nib")}
        try:
            return register_participant(enterprise_id=enterprise_id, among=among, **described)
        except ExternalIdTaken as taken:
            if is_person(taken.existing_id, described, enterprise_id):
                return Known(taken.existing_id)
            raise

    return register


def registering_enterprises(_rows: Sequence[Row], rehearsed: bool) -> Command:
    """Return the command for enterprises, which compares the rows of a slice with each other too."""
    among = SignUps(rehearsed)

    def register(**row: Any) -> Enterprise | Known:
        try:
            return commands.register_enterprise(among=among, **row)
        except ExternalIdTaken as taken:
            described = {name: value for name, value in row.items() if name not in ("provider_id", "confirm_distinct")}
            if is_enterprise(taken.existing_id, described):
                return Known(taken.existing_id)
            raise

    return register


@dataclass(frozen=True, slots=True)
class ImportKind:
    """`command` gives the command for a slice of rows, in a rehearsal or not, `key` a row's natural key."""

    name: str
    schema: type[Schema]
    command: Callable[[Sequence[Row], bool], Command]
    key: Callable[[Row], tuple[str, ...]]

    def entry_id(self, row: Row, institution: UUID | None) -> UUID:
        """Return the id of the entry that a row stands for, in the sender's institution or the one that the row names."""
        plain = ids.derived("imported", self.name, institution or row.get("provider_id"), *self.key(row))
        return keyed_row_id(plain)

    @property
    def columns(self) -> list[Column]:
        return list(columns_of(self.schema(), loading=True))


def keyed_row_id(plain: UUID) -> UUID:
    """Return the id under which a row is kept; nobody without the key can tell which name or number it is made of."""
    return UUID(bytes=keyed("imported row id", plain.bytes)[:16])


def digest_of(row: Row) -> bytes:
    return digest(ROW, orjson.dumps(row, option=orjson.OPT_SORT_KEYS, default=str))


def _enterprise_key(row: Row) -> tuple[str, ...]:
    for number in ("external_id", "nib"):
        if row.get(number):
            return (number, row[number])
    return (row["legal_form"], name_key(row["name"]), row["province"], name_key(row.get("place", "")))


def _participant_key(row: Row) -> tuple[str, ...]:
    of = str(row.get("enterprise_id") or row.get("enterprise_nib", ""))
    if row.get("external_id"):
        return (of, "external_id", row["external_id"])
    return (of, name_key(row["name"]), row.get("email") or row.get("phone") or "")


KINDS: Final[Mapping[str, ImportKind]] = {
    kind.name: kind
    for kind in (
        ImportKind(
            "institutions",
            RegisterInstitution,
            lambda _rows, _rehearsed: institutions_commands.register_institution,
            lambda row: (row["kind"], name_key(row["name"]), row["province"]),
        ),
        ImportKind(
            "enterprises",
            RegisterEnterprise,
            registering_enterprises,
            _enterprise_key,
        ),
        ImportKind(
            "participants",
            ImportParticipant,
            registering_people,
            _participant_key,
        ),
    )
}
