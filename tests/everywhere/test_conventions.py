"""What code says, and in which files: who acts as the system, roles, outlines of events, refusals, codes."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

import pytest

from shared.access.permissions import ROLES
from shared.kernel.service import EDGES, Service, declared
from shared.reference.sectors import SECTORS
from shared.reference.sexes import SEXES
from shared.reference.zones import ZONES
from tests.support.source_tree import calls_in, imports, parsed, place_of

SERVICES = declared()
# what nobody asked for runs as the system; so do migrations
AS_SYSTEM = {"shared.messaging.inbox.runner", "shared.process.loops.leased"}
# whoever sees and decides about their own data: that right ends with nobody's suspension
FOR_THEMSELVES = {
    "services.enrollment.own_data.pages",
    "services.consulting.confirmations.commands",
    "services.consulting.confirmations.queries",
}
each_service = pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)


def test_only_handlers_timers_and_migrations_run_as_the_system() -> None:
    acting = {name for name in imports() if any(as_system_in(parsed(name)))}
    assert {name for name in acting if ".migrations." not in name} == AS_SYSTEM


def test_who_acts_for_somebody_later_asks_whether_they_are_suspended() -> None:
    """A request's token is asked about; work that is left for later has none."""
    later = {name for name in imports() if name.startswith("services.") and any(calls_in(parsed(name), "acting_as"))}
    for name in sorted(later - {name for name in imports() if ".migrations." in name}):
        asks = (any(calls_in(parsed(name), asked)) for asked in ("suspended_institutions", "SuspensionList"))
        assert any(asks) or name in FOR_THEMSELVES, name


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
