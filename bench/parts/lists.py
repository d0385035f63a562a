"""A page of a list over HTTP, beside a bare loop that reads the same windows with PyMongo and writes them as JSON.

Enterprises are spread evenly over two years: 1,000, 10,000 and 100,000 of them, each in a store of its own on one engine.
A round reads the first page of each, ours and bare, and at the end one from the middle of the largest; before each store's
turn one read is not counted. Ours goes through the whole application: token, permission, row scope, the view, the access
log; the bare loop knows where the rows are.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import orjson
from flask.testing import FlaskClient
from pymongo.database import Database

from bench import ground
from bench.figures import Finding, Series, ratios
from deploy.platform.keys import Claims, make_keys, mint
from services.enrollment.enterprises.model import Enterprise
from services.enrollment.enterprises.parts import Contact, Persons
from services.enrollment.service import SERVICE
from shared.kernel import clock, ids
from shared.process.server import token_checks
from shared.storage.migrations import LEDGER
from shared.web.application import create_app
from shared.web.lists.pagination import Cursor, Order
from shared.web.lists.windows import conditions
from tests.support.engines import environment

SIZES = (1_000, 10_000, 100_000)
MANY = SIZES[-1]
PAGE = 100
SPAN = timedelta(days=730)
READS = 15
SLICE = 200  # the driver repeats an insert that takes long, and then finds its own rows
CEILING = 2.0
FLAT = 1.2
ORDER = Order("created_at", "created_at")
Clocked = Callable[[], float]


def measure() -> list[Finding]:
    with ground.engines(broker=False) as running:
        keys = running.folder / "keys"
        make_keys(keys)
        headers = {"Authorization": f"Bearer {mint(Claims(role='programme'), keys, timedelta(hours=1))}"}
        born = clock.now() - SPAN
        for rows in SIZES:
            with ground.store(_prefix(rows)) as database:
                database[LEDGER].update_many({}, {"$set": {"applied_at": born}})
                _fill(database, rows, born)
        with _client((keys / "jwks.json").as_uri()) as client:
            first, middle = _rounds(client, headers, Cursor(born + SPAN / 2, ids.new()))
    return [
        _beside(f"first page of {PAGE} from {MANY:,} enterprises", *first[MANY]),
        _beside(f"page of {PAGE} from the middle of {MANY:,} enterprises", *middle),
        *(
            _flat(f"first page from {MANY:,} enterprises, beside {rows:,}", first[MANY][0], first[rows][0])
            for rows in SIZES[:-1]
        ),
    ]


def _rounds(
    client: FlaskClient, headers: dict[str, str], half: Cursor
) -> tuple[dict[int, tuple[Series, Series]], tuple[Series, Series]]:
    """Milliseconds of the first page by size, and of the middle page of the largest: ours, and the bare loop's."""
    found: dict[tuple[int, Cursor | None], list[tuple[float, float]]] = {}
    for _ in range(READS):
        for rows in SIZES:
            with ground.at(_prefix(rows)) as database:
                for cursor in (None, half) if rows == MANY else (None,):
                    ours, bare = _ways(client, database, headers, cursor)
                    ours(), bare()
                    found.setdefault((rows, cursor), []).append((ours(), bare()))
    pairs = {place: _pair(times) for place, times in found.items()}
    return {rows: pairs[rows, None] for rows in SIZES}, pairs[MANY, half]


def _pair(times: list[tuple[float, float]]) -> tuple[Series, Series]:
    ours, bare = zip(*times, strict=True)
    return Series(ours), Series(bare)


def _prefix(rows: int) -> str:
    return f"bench{rows}"


@contextmanager
def _client(jwks: str) -> Iterator[FlaskClient]:
    with environment(SCORE_JWKS_URL=jwks, SCORE_RATE_LIMIT="10000000 per minute"):
        yield create_app(SERVICE, token_checks()).test_client()


def _fill(database: Database[dict[str, Any]], rows: int, born: datetime) -> None:
    """Exactly so many enterprises, evenly over the span."""
    collection = database["enterprises"]
    collection.delete_many({})
    provider = ids.new()
    template = Enterprise(
        name="Kayu Contoh", legal_form="CV", province="ID-JT", place="Kudus", sector="handicrafts", kbli="31001",
        headcount=Persons(women=20, men=20), contact=Contact(name="Ratna", email="ratna@example.org"),
        provider_id=provider, delivery_mode="direct", version=1, sequence=1, match_keys=["name:ID-JT:contoh"],
    ).to_mongo()  # fmt: skip
    step = SPAN / (rows + 1)
    for some in range(0, rows, SLICE):
        collection.insert_many(
            [
                {**template, "_id": ids.new(), "created_at": (at := born + step * number), "updated_at": at}
                for number in range(some + 1, min(some + SLICE, rows) + 1)
            ],
            ordered=False,
        )


def _ways(
    client: FlaskClient, database: Database[dict[str, Any]], headers: dict[str, str], cursor: Cursor | None
) -> tuple[Clocked, Clocked]:
    """The two ways to read a page, each telling how many milliseconds it took."""
    address = f"/v1/enterprises?limit={PAGE}" + (f"&cursor={cursor.encode(ORDER)}" if cursor else "")

    def ours() -> int:
        answer = client.get(address, headers=headers)
        return len(answer.json["items"])

    def bare() -> int:
        found: list[dict[str, Any]] = []
        for condition in conditions(ORDER, cursor):
            part = database["enterprises"].find(condition).sort([("created_at", 1), ("_id", 1)])
            found += part.limit(PAGE + 1 - len(found))
            if len(found) > PAGE:
                break
        orjson.dumps({"items": found[:PAGE], "next": None}, default=str)
        return len(found[:PAGE])

    return _milliseconds(ours), _milliseconds(bare)


def _milliseconds(read: Callable[[], int]) -> Clocked:
    def timed() -> float:
        began = time.perf_counter()
        if read() != PAGE:
            raise RuntimeError("the page is not full")
        return (time.perf_counter() - began) * 1_000

    return timed


def _beside(what: str, ours: Series, bare: Series) -> Finding:
    ratio = ratios(ours, bare)
    words = ratio.words("x", 2)
    return Finding(what, ours.words(" ms", 1), bare.words(" ms", 1), words, f"<= {CEILING:g}x", ratio.median <= CEILING)


def _flat(what: str, many: Series, few: Series) -> Finding:
    ratio = ratios(many, few)
    words = ratio.words("x", 2)
    return Finding(what, many.words(" ms", 1), few.words(" ms", 1), words, f"<= {FLAT:g}x", ratio.median <= FLAT)
