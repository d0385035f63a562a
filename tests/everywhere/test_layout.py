"""Where things stand: subjects with the same few files, in an order; no large folder or file; no circle of files."""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import pairwise

import pytest

from shared.kernel.service import EDGES, ROOT, Service, declared
from tests.support.source_tree import calls_in, code, imports, name_of, parsed, place_of

SERVICES = declared()
FILES = {"__init__", *EDGES, "model", "rules", "commands", "queries", "schemas", "labels", "errors"}
SERVICE_FILES = {
    "__init__",
    "__main__",
    "service",
    "settings",
    "roles",
    "errors",
    "fields",
    "identifiers",
}
NOUNS = {
    "consulting": {"checklists", "indicators", "practices", "required"},
    "enrollment": {
        "attendance", "authorisation", "baseline", "commitment_letter", "consent", "duplicate_check",
        "entitlement", "gates", "keys", "kinds", "lead", "matching", "missing", "named_seats", "parts",
        "phonetics", "plans", "privacy_request", "redirect", "sheet", "sign_up_claim", "slips", "subject_access", "template",
        "warnings",
    },
    "finance": {"series"},
    "notifications": {
        "calendar", "consents", "dispatch", "enterprises", "handovers", "institutions", "invoices", "keys", "kind", "kinds",
        "layout", "ledger",
        "mail", "maildir", "rendering", "return_path", "sample", "smtp", "told", "topics", "trainers", "trainings", "visits",
    },
    "reporting": {
        "enterprise_result", "figures", "indicators", "metrics", "money_result", "presentation", "routing", "suppression",
        "trainer_result",
    },
}  # fmt: skip
# parts of commands and queries that have a name of their own; every other noun is as innocent as a model
ACTING = {
    "consulting": {"required"},
    "enrollment": {"duplicate_check", "gates", "keys"},
    "notifications": {"dispatch", "handovers", "keys", "ledger", "mail", "return_path", "sample", "smtp"},
}
CONTEXT = ("shared.kernel.clock", "shared.kernel.context", "shared.kernel.settings")
# the row scope is lifted in queries with a name, and where rows are made
UNSCOPED = {
    "services.certification.verification.queries",
    "services.consulting.assessments.queries",
    "services.consulting.plans.queries",
    "services.consulting.readings.queries",
    "services.consulting.trainers.queries",
    "services.consulting.visits.queries",
    "services.enrollment.duplicates.queries",
    "services.enrollment.enterprises.queries",
    "services.enrollment.evaluations.queries",
    "services.enrollment.imports.queries",
    "services.enrollment.institutions.queries",
    "services.enrollment.journeys.queries",
    "services.enrollment.participation.queries",
    "services.enrollment.people.queries",
    "services.enrollment.trainers.queries",
    "services.enrollment.trainings.queries",
    "services.finance.invoices.queries",
    "services.notifications.calendars.queries",
    "services.notifications.copies.queries",
    "services.notifications.links.queries",
    "services.notifications.preferences.queries",
    "services.reporting.results.queries",
    "shared.domain.aggregate",
    "shared.erasure.progress",
    "shared.storage.row_scope",
}
MOST_FILES, MOST_LINES = 12, 300
each_service = pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)


@each_service
def test_a_service_is_its_subjects(service: Service) -> None:
    folders = {path.parent.name for path in service.folder.glob("*/__init__.py")} - {"migrations"}
    single = {path.stem for path in service.folder.glob("*.py")} - SERVICE_FILES
    assert folders | single == set(service.subjects)


@each_service
def test_the_files_of_a_subject_have_the_fixed_names_or_a_noun_of_the_glossary(service: Service) -> None:
    known = FILES | NOUNS.get(service.name, set())
    for subject in service.subjects:
        other = {path.stem for path in (service.folder / subject).glob("*.py")} - known
        assert other == set(), f"{service.name}/{subject}"
    used = {path.stem for path in service.folder.glob("*/*.py")}
    assert NOUNS.get(service.name, set()) <= used


@each_service
def test_a_subject_builds_on_lower_ones(service: Service) -> None:
    order = {subject: number for number, subject in enumerate(service.subjects)}
    upward = []
    for importer, imported in imports().items():
        owner, subject, file = place_of(importer)
        if owner != service.name or subject not in order or file in EDGES:
            continue
        for other in imported:
            their_owner, their_subject, their_file = place_of(other)
            if their_owner != owner or their_subject not in order:
                continue
            if order[their_subject] > order[subject] or (file in ("model", "rules") and their_file == "commands"):
                upward.append(f"{importer} -> {other}")
    assert upward == []


@each_service
def test_models_are_told_the_day_the_viewer_and_the_limits(service: Service) -> None:
    settings = f"services.{service.name}.settings"
    reading = [
        f"{name} -> {module}"
        for name in inner_files(service)
        for module in sorted(imports()[name])
        if module == settings or module.startswith(CONTEXT)
    ]
    assert reading == []


@each_service
def test_models_ask_the_store_for_nothing(service: Service) -> None:
    asking = [f"{name}:{node.lineno}" for name in inner_files(service) for node in queries_in(parsed(name))]
    connected = [name for name in inner_files(service) if "shared.storage.connection" in imports()[name]]
    assert asking + connected == []


def inner_files(service: Service) -> list[str]:
    """Models, rules and every noun beside them that is no part of a command or a query."""
    acting = {*EDGES, "commands", "queries", "schemas", *ACTING.get(service.name, set())}
    return [
        name
        for name in sorted(imports())
        if (place := place_of(name))[0] == service.name and place[1] in service.subjects and place[2] not in acting
    ]


def queries_in(tree: ast.Module) -> Iterator[ast.Attribute]:
    """Where documents are read: `Enterprise.objects`, `Enterprise.find(...)`, `cls.get(...)`."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name):
            continue
        owner = node.value.id
        document = owner == "cls" or (owner[0].isupper() and not owner.isupper())
        if node.attr == "objects" or (document and node.attr in ("find", "get")):
            yield node


@pytest.mark.parametrize("line", ["Enterprise.objects(nib=nib)", "cls.find(row_id)", "Journey.get(row_id)"])
def test_a_query_is_found_where_documents_are_read(line: str) -> None:
    assert len(list(queries_in(ast.parse(line)))) == 1
    assert list(queries_in(ast.parse("WORDS.get(code), super().find(row_id), self.rows.get(row_id)"))) == []


def test_the_row_scope_is_lifted_in_few_places_each_time_for_a_reason() -> None:
    calls = {name: list(lifted_in(parsed(name))) for name in imports() if name != "shared.kernel.context"}
    assert {name for name, lifted in calls.items() if lifted} == UNSCOPED
    for name, lifted in calls.items():
        for call in lifted:
            (reason,) = call.args
            assert isinstance(reason, ast.Constant), name
            assert len(str(reason.value).split()) > 3, f"{name}: {reason.value}"


def lifted_in(tree: ast.Module) -> Iterator[ast.Call]:
    return calls_in(tree, "unscoped")


def test_no_folder_holds_more_files_than_one_can_survey() -> None:
    """Migrations are no choice of anybody's to read: their folders only grow, and each is read once."""
    folders = (path.parent for path in code() if path.parent.name != "migrations")
    held = Counter(folder.relative_to(ROOT).as_posix() for folder in folders)
    assert {folder: number for folder, number in held.items() if number > MOST_FILES} == {}


def test_no_file_is_longer_than_one_can_read() -> None:
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in code()}
    assert {name: length for name, length in lengths.items() if length > MOST_LINES} == {}


def test_no_file_is_empty() -> None:
    assert [name_of(path) for path in code() if not path.read_text(encoding="utf-8").strip()] == []


def test_no_file_only_passes_on_what_others_define() -> None:
    hubs = []
    for path in code():
        body = ast.parse(path.read_text(encoding="utf-8")).body
        own = [node for node in body if not isinstance(node, ast.Import | ast.ImportFrom | ast.Expr)]
        lists = [node for node in own if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__"]
        if own and len(own) == len(lists):
            hubs.append(name_of(path))
    assert hubs == []


def test_no_files_import_each_other_in_a_circle() -> None:
    assert circles(imports()) == []


def circles(graph: dict[str, set[str]]) -> list[list[str]]:
    """One circle for each file that can be reached from itself, as a way there and back."""
    found: list[list[str]] = []
    settled: set[str] = set()
    for start in graph:
        way: list[str] = []
        on_way: set[str] = set()
        pending: list[tuple[str, bool]] = [(start, False)]
        while pending:
            name, left = pending.pop()
            if left:
                settled.add(way.pop())
                on_way.discard(name)
            elif name in on_way:
                found.append([*way[way.index(name) :], name])
            elif name not in settled:
                way.append(name)
                on_way.add(name)
                pending.append((name, True))
                pending += [(other, False) for other in sorted(graph[name])]
    return found


def test_a_circle_is_found_and_told_as_a_way() -> None:
    graph: dict[str, set[str]] = defaultdict(set, {"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": set()})
    (way,) = circles(graph)
    assert way[0] == way[-1]
    assert all(other in graph[name] for name, other in pairwise(way))
