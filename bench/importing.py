"""People from a workbook, worked off as the timer does, beside a bare loop with the same checks.

Ours keeps the position, the row ledger, the facts, the parties and the record of who consented when; both write slices
of the same size and read the same file. The upload and its first look are counted on our side.
"""

from __future__ import annotations

import io
import itertools
import time
from uuid import UUID

import xlsxwriter

from bench import ground
from bench.baselines import bare_import
from bench.figures import Finding, at_least, in_turn
from services.enrollment import commands
from services.enrollment.import_kinds import KINDS
from services.enrollment.participant import Participant
from services.enrollment.settings import enrollment_settings
from shared.runtime.context import SYSTEM, Principal, acting_as
from shared.web.answer import XLSX

ROWS = 1_000
FLOOR = 0.6
STAFF = Principal(subject="bench", role="programme", issuer="bench")
COLLECTIONS = ("bare_people", "bare_events", "bare_parties")
HEADINGS = ("enterprise_id", "name", "sex", "role", "email", "consent.purposes")


def measure() -> list[Finding]:
    with ground.engines(broker=False), ground.store("bench", *COLLECTIONS) as database:
        database["bare_people"].create_indexes(list(Participant.INDEXES))
        schema, size = KINDS["participants"].schema(), enrollment_settings().import_slice
        rounds = itertools.count()

        def bare() -> float:
            data = sheet(_enterprise(), next(rounds))
            began = time.monotonic()
            taken = bare_import.take(database, data, schema, size)
            return _rate(taken, began)

        def ours() -> float:
            data = sheet(_enterprise(), next(rounds))
            began = time.monotonic()
            with acting_as(STAFF):
                job = commands.import_participants(data=data, media_type=XLSX, language="id")
            with acting_as(SYSTEM):
                while commands.work_imports():
                    pass
                taken = type(job).get(job.id).made
            return _rate(taken, began)

        bare(), ours()
        plain, full = in_turn(bare, ours)
    return [
        at_least(f"import of {ROWS:,} people, beside a bare loop with the same checks", full, plain, " rows/s", FLOOR)
    ]


def sheet(enterprise_id: UUID, number: int) -> bytes:
    """People of one enterprise, none of whom was there in another round."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        lines = book.add_worksheet()
        lines.write_row(0, 0, HEADINGS)
        for line in range(1, ROWS + 1):
            name = f"Orang {number} {line}"
            email = f"orang{number}.{line}@example.org"
            lines.write_row(line, 0, (str(enterprise_id), name, "female", "worker", email, "training contact"))
    return file.getvalue()


def _enterprise() -> UUID:
    """An enterprise of a provider, both new."""
    with acting_as(STAFF):
        provider = commands.register_institution(kind="private_provider", name="Lembaga Contoh", province="ID-JT")
        made: UUID = commands.register_enterprise(
            name="Kayu Contoh", legal_form="CV", province="ID-JT", sector="metal", delivery_mode="direct",
            headcount={"women": 20, "men": 10}, contact={"name": "Ratna", "language": "id"},
            provider_id=provider.id, confirm_distinct="namesake",
        ).id  # fmt: skip
    return made


def _rate(taken: int, began: float) -> float:
    if taken != ROWS:
        raise RuntimeError(f"{taken} of {ROWS} rows were taken")
    return taken / (time.monotonic() - began)
