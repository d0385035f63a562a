"""People and enterprises from a workbook, worked off as the timer does, beside bare loops with the same checks.

Ours keeps the position, the row ledger, the story, versions and the record of who consented when; both write slices of
the same size, with the same indexes, and read the same file. The upload and its first look are counted on our side.
"""

from __future__ import annotations

import io
import itertools
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import xlsxwriter
from pymongo.database import Database

from bench import ground
from bench.baselines import bare_import
from bench.figures import Finding, at_least, in_turn
from services.enrollment.enterprises import commands as enterprises_commands
from services.enrollment.enterprises.model import Enterprise
from services.enrollment.imports import commands
from services.enrollment.imports.jobs import ImportWork
from services.enrollment.imports.kinds import KINDS
from services.enrollment.institutions import commands as institutions_commands
from services.enrollment.people.model import Participant
from services.enrollment.settings import enrollment_settings
from shared.domain.outbox_rows import COLLECTIONS as EVENT_OUTBOX
from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM, Principal
from shared.messaging.outbox.compacted import COLLECTIONS as PARTY_OUTBOX
from shared.tabular.media_types import XLSX

ROWS = 2_000
FLOOR = 0.6
STAFF = Principal(subject="bench", role="programme", issuer="bench")
BARE = {
    "bare_people": Participant.INDEXES,
    "bare_enterprises": Enterprise.INDEXES,
    "bare_claims": (),
    **{f"bare_{name}": indexes for part in (EVENT_OUTBOX, PARTY_OUTBOX) for name, indexes in part.items()},
}
PEOPLE = ("enterprise_id", "name", "sex", "role", "email", "consent.purposes")
ENTERPRISES = (
    "provider_id", "name", "legal_form", "nib", "province", "place", "sector",
    "headcount.women", "headcount.men", "contact.name", "contact.email",
)  # fmt: skip
SYLLABLES = ("ba", "ci", "du", "ga", "hi", "ju", "ka", "li", "mu", "na", "pi", "ru", "sa", "ti", "wu", "ya")
PLACES = ("Kudus", "Jepara", "Tegal", "Demak", "Pati", "Blora", "Batang", "Kendal")


@dataclass(frozen=True, slots=True)
class Kind:
    """What is imported: the sheet of a round, and the bare loop's way to write a slice."""

    name: str
    sheet: Callable[[int], bytes]
    write: bare_import.Write


def measure() -> list[Finding]:
    kinds = (
        Kind("participants", people, bare_import.write_people),
        Kind("enterprises", enterprises, bare_import.write_enterprises),
    )
    with ground.engines(broker=False), ground.store("bench") as database:
        for name, indexes in BARE.items():
            made = database.create_collection(name)
            if indexes:
                made.create_indexes(list(indexes))
        return [_measured(database, kind) for kind in kinds]


def _measured(database: Database[dict[str, Any]], kind: Kind) -> Finding:
    schema, size = KINDS[kind.name].schema(), enrollment_settings().import_slice
    rounds, work = itertools.count(), ImportWork()

    def bare() -> float:
        data = kind.sheet(next(rounds))
        began = time.monotonic()
        return _rate(bare_import.take(database, data, schema, size, kind.write), began)

    def ours() -> float:
        data = kind.sheet(next(rounds))
        began = time.monotonic()
        with acting_as(STAFF):
            job = commands.IMPORT[kind.name](commands.Upload(data, XLSX, "id"))
        with acting_as(SYSTEM):
            while work.take_turn():
                pass
            return _rate(type(job).get(job.id).made, began)

    bare(), ours()
    plain, full = in_turn(bare, ours)
    what = f"import of {ROWS:,} {kind.name}, beside a bare loop with the same checks"
    return at_least(what, full, plain, " rows/s", FLOOR)


def people(number: int) -> bytes:
    """People of one enterprise, none of whom was there in another round."""
    enterprise_id = str(_enterprise())
    return _sheet(
        PEOPLE,
        (
            (enterprise_id, f"Orang {number} {line}", "female", "worker", f"orang{number}.{line}@example.org",
             "training contact")
            for line in range(ROWS)
        ),
    )  # fmt: skip


def enterprises(number: int) -> bytes:
    """Enterprises of one provider. Some names are alike; a NIB of its own says that each is another one."""
    provider_id = str(_provider())
    first = number * ROWS
    return _sheet(
        ENTERPRISES,
        (
            (provider_id, f"{_word(line)} {_word(line * 7)}", "CV", f"1{line:012}", "ID-JT", PLACES[line % len(PLACES)],
             "metal", 20, 10, "Ratna", f"usaha{line}@example.org")
            for line in range(first, first + ROWS)
        ),
    )  # fmt: skip


def _word(number: int) -> str:
    """An invented word of four syllables, another one for each of the first 65,536 numbers."""
    count = len(SYLLABLES)
    return "".join(SYLLABLES[number // count**place % count] for place in range(4)).capitalize()


def _sheet(headings: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """As spreadsheets save it, with the texts of all cells in one table."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        lines = book.add_worksheet()
        for line, row in enumerate(itertools.chain([headings], rows)):
            lines.write_row(line, 0, row)
    return file.getvalue()


def _provider() -> UUID:
    with acting_as(STAFF):
        made: UUID = institutions_commands.register_institution(
            kind="private_provider", name="Lembaga Contoh", province="ID-JT"
        ).id
    return made


def _enterprise() -> UUID:
    """An enterprise of a provider, both new."""
    with acting_as(STAFF):
        made: UUID = enterprises_commands.register_enterprise(
            name="Kayu Contoh", legal_form="CV", province="ID-JT", sector="metal", delivery_mode="direct",
            headcount={"women": 20, "men": 10}, contact={"name": "Ratna", "language": "id"},
            provider_id=_provider(), confirm_distinct="namesake",
        ).id  # fmt: skip
    return made


def _rate(taken: int, began: float) -> float:
    if taken != ROWS:
        raise RuntimeError(f"{taken} of {ROWS} rows were taken")
    return taken / (time.monotonic() - began)
