"""Where things stand: subjects with the same few files, in an order; no large folder or file; no circle of files."""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from shared.access.permissions import ROLES
from shared.kernel.service import EDGES, ROOT, Service, declared
from shared.reference.sectors import SECTORS
from shared.reference.sexes import SEXES
from shared.reference.zones import ZONES

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
    "enrollment": {
        "attendance", "authorisation", "baseline", "commitment_letter", "consent", "duplicate_check",
        "entitlement", "gates", "keys", "kinds", "lead", "matching", "missing", "named_seats", "parts",
        "phonetics", "plans", "privacy_request", "redirect", "sheet", "sign_up_claim", "subject_access", "template",
        "warnings",
    },
    "finance": {"series"},
    "notifications": {"keys", "mail", "smtp"},
    "reporting": {
        "enterprise_result", "figures", "indicators", "metrics", "money_result", "presentation", "routing", "suppression",
        "trainer_result",
    },
}  # fmt: skip
# parts of commands and queries that have a name of their own; every other noun is as innocent as a model
ACTING = {
    "enrollment": {"duplicate_check", "gates", "keys"},
    "notifications": {"keys", "mail", "smtp"},
}
CONTEXT = ("shared.kernel.clock", "shared.kernel.context", "shared.kernel.settings")
# the row scope is lifted in queries with a name, and where rows are made
UNSCOPED = {
    "services.certification.verification.queries",
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
    "services.notifications.links.queries",
    "services.reporting.results.queries",
    "shared.domain.aggregate",
    "shared.erasure.progress",
    "shared.storage.row_scope",
}
# what nobody asked for runs as the system; so do migrations
AS_SYSTEM = {"shared.messaging.inbox.runner", "shared.process.loops"}
MOST_FILES, MOST_LINES = 12, 300
each_service = pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)


def code() -> list[Path]:
    """Every Python file of the product."""
    return sorted(path for top in ("shared", "services", "deploy") for path in (ROOT / top).rglob("*.py"))


def name_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def parsed(module: str) -> ast.Module:
    path = ROOT.joinpath(*module.split("."))
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return ast.parse(file.read_text(encoding="utf-8"))


@cache
def imports() -> dict[str, set[str]]:
    """The files that each file imports, also within functions and for types only."""
    files = {name_of(path): path for path in code()}
    found: dict[str, set[str]] = {name: set() for name in files}
    for name, path in files.items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                wanted = {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                wanted = {
                    whole if (whole := f"{node.module}.{alias.name}") in files else node.module for alias in node.names
                }
            else:
                continue
            found[name] |= (wanted & files.keys()) - {name}
    return found


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


def calls_in(tree: ast.AST, function: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == function:
            yield node


def test_only_handlers_timers_and_migrations_run_as_the_system() -> None:
    acting = {name for name in imports() if any(as_system_in(parsed(name)))}
    assert {name for name in acting if ".migrations." not in name} == AS_SYSTEM


def test_who_acts_for_somebody_later_asks_whether_they_are_suspended() -> None:
    """A request's token is asked about; work that is left for later has none."""
    later = {name for name in imports() if name.startswith("services.") and any(calls_in(parsed(name), "acting_as"))}
    for name in sorted(later - {name for name in imports() if ".migrations." in name}):
        assert any(calls_in(parsed(name), "suspended_institutions")), name


def as_system_in(tree: ast.Module) -> Iterator[ast.Call]:
    """Where code begins to act as the system, which lifts the row scope of all that it calls and gives no reason."""
    for call in calls_in(tree, "acting_as"):
        if any(word in ast.unparse(call.args[0]) for word in ("SYSTEM", "system")):
            yield call


def test_acting_as_the_system_is_found_however_it_is_called() -> None:
    for line in ("acting_as(SYSTEM)", "context.acting_as(principal.SYSTEM)", "acting_as(Principal(role='system'))"):
        assert len(list(as_system_in(ast.parse(line)))) == 1, line
    assert list(as_system_in(ast.parse("acting_as(viewer)"))) == []


@each_service
def test_roles_are_named_in_one_file(service: Service) -> None:
    edges = [
        name
        for name in sorted(imports())
        if name.startswith(f"services.{service.name}.") and place_of(name)[2] in EDGES
    ]
    own = [f"{name}:{line}" for name in edges for line in roles_said_in(parsed(name), f"services.{service.name}.roles")]
    assert own == [], f"services/{service.name}/roles.py names who may do what, once for API and pages"


def roles_said_in(tree: ast.Module, home: str) -> Iterator[int]:
    """Lines of an edge that say by themselves who may do a thing: `permits=("programme",)`, `role == "trainer"`."""
    known = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in (home, "shared.access.permissions")
        for alias in node.names
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.keyword) and node.arg == "permits":
            if not isinstance(node.value, ast.Name) or node.value.id not in known:
                yield node.value.lineno
        elif isinstance(node, ast.Compare) and any(
            isinstance(inner, ast.Constant) and inner.value in ROLES for inner in ast.walk(node)
        ):
            sides = (node.left, *node.comparators)
            if any(ast.unparse(side).endswith("role") for side in sides):
                yield node.lineno


@pytest.mark.parametrize(
    "line",
    [
        'route(permits=("programme",))',
        "route(permits=OWN)",
        'viewer.role in ("enterprise", "auditor")',
        'role != "trainer"',
    ],
)
def test_a_role_is_found_where_an_edge_says_it(line: str) -> None:
    imported = "from services.surveys.roles import STAFF\nfrom shared.access.permissions import PUBLIC\n"
    assert len(list(roles_said_in(ast.parse(f"{imported}{line}"), "services.surveys.roles"))) == 1
    innocent = 'route(permits=STAFF); route(permits=PUBLIC); viewer.role in STAFF; party.kind == "enterprise"'
    assert list(roles_said_in(ast.parse(f"{imported}{innocent}"), "services.surveys.roles")) == []


def place_of(module: str) -> tuple[str, str, str]:
    """Service, subject and file of a module."""
    parts = module.split(".")
    if parts[0] != "services" or len(parts) < 3:
        return "", "", ""
    return parts[1], parts[2], parts[-1]


def test_what_several_events_have_in_common_is_typed() -> None:
    untyped = [f"{name}:{line}" for name in sorted(imports()) for line in untyped_in(parsed(name))]
    assert untyped == [], "a misspelt key would pass: unpack a method's typed dictionary"


def untyped_in(tree: ast.Module) -> Iterator[int]:
    """Lines of `record(Event(**...))` that unpack something else than a method's answer whose keys are declared."""
    answers = {node.name: node.returns for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    for function in ast.walk(tree):
        if not isinstance(function, ast.FunctionDef):
            continue
        given: dict[str, ast.expr | None] = {}
        for node in ast.walk(function):
            if isinstance(node, ast.AnnAssign):
                given[ast.unparse(node.target)] = node.annotation
            elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
                given[ast.unparse(node.targets[0])] = answers.get(ast.unparse(node.value.func).removeprefix("self."))
        for call in calls_in(function, "record"):
            for unpacked in [
                word.value for event in call.args for word in getattr(event, "keywords", ()) if not word.arg
            ]:
                if isinstance(unpacked, ast.Call):
                    declared_as = answers.get(ast.unparse(unpacked.func).removeprefix("self."))
                else:
                    declared_as = given.get(ast.unparse(unpacked))
                if not isinstance(declared_as, ast.Name | ast.Attribute):
                    yield unpacked.lineno


@pytest.mark.parametrize("outline", ["dict[str, Any]", "Plan"])
def test_an_event_of_untyped_values_is_found(outline: str) -> None:
    found = list(
        untyped_in(
            ast.parse(f"""
class Visit:
    def schedule(self) -> None:
        plan = self._plan()
        self.record(VisitScheduled(**plan, reason=reason))
        self.record(VisitMoved(**self._plan()))

    def cancel(self) -> None:
        about: {outline} = {{"id": self.id}}
        self.record(VisitCancelled(**about))

    def _plan(self) -> {outline}:
        return {{"id": self.id}}
""")
        )
    )
    assert found == ([] if outline == "Plan" else [5, 6, 10])
    assert len(list(untyped_in(ast.parse('def f():\n  about = {"id": 1}\n  self.record(Gone(**about))')))) == 1


REFUSING = {"model", "rules", "commands", "queries"}


@each_service
def test_what_is_refused_stands_in_errors(service: Service) -> None:
    own = [name for name in sorted(imports()) if place_of(name)[0] == service.name and place_of(name)[2] in REFUSING]
    assert [f"{name}:{line}" for name in own for line in refusals_in(parsed(name))] == []


def refusals_in(tree: ast.Module) -> Iterator[int]:
    """Lines that say in words, or by a code, what is refused: `Message("...")`, `Fault("...")`, `Invalid("/x", "code")`."""
    for function, position in (("Message", 0), ("Fault", 0), ("Invalid", 1)):
        for call in calls_in(tree, function):
            given = call.args[position : position + 1]
            if given and isinstance(given[0], ast.Constant | ast.JoinedStr):
                yield call.lineno


def test_a_refusal_is_found_where_it_is_worded() -> None:
    for line in (
        'Message("It is full.")',
        'raise Invalid("/day", "date-in-past")',
        'Fault(f"enterprise-{state}", GONE)',
    ):
        assert list(refusals_in(ast.parse(line))) == [1]
    for line in (
        "Message(QUESTIONS[code])",
        'raise refused("/day", DAY_TO_COME)',
        "Invalid(errors=[DAY_TO_COME.at(where)])",
    ):
        assert list(refusals_in(ast.parse(line))) == []


@pytest.mark.parametrize("codes", [ZONES, SECTORS, SEXES], ids=["zones", "sectors", "sexes"])
def test_codes_that_several_services_have_are_listed_once(codes: Mapping[str, str]) -> None:
    """A zone is a name of its own, which no other file writes; of sectors and sexes no other file makes a table."""
    own = [name for name in sorted(imports()) if not name.startswith(("shared.reference.", "shared.contracts."))]
    assert [f"{name}:{line}" for name in own for line in lists_in(parsed(name), codes)] == []


def lists_in(tree: ast.Module, codes: Mapping[str, str]) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and codes is ZONES and node.value in codes:
            yield node.lineno
        items = node.keys if isinstance(node, ast.Dict) else getattr(node, "elts", [])
        if set(codes) <= {item.value for item in items if isinstance(item, ast.Constant)}:
            yield node.lineno


def test_a_list_of_codes_is_found() -> None:
    assert list(lists_in(ast.parse('WORDS = {"female": "F", "male": "M"}'), SEXES)) == [1]
    assert list(lists_in(ast.parse('ZONE = "Asia/Jakarta"'), ZONES)) == [1]
    assert list(lists_in(ast.parse('person.sex == "female"; zone = WIB'), SEXES)) == []


def test_no_folder_holds_more_files_than_one_can_survey() -> None:
    held = Counter(path.parent.relative_to(ROOT).as_posix() for path in code())
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
