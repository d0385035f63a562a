"""What every service has in common: files, declarations, permissions, scope. A new service is held to it without being named."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from docs import generate
from docs.recorded_events import NOT_RECORDED_YET, recorded_by
from shared.access.permissions import PUBLIC, ROLES
from shared.access.suspensions import groups_of
from shared.contracts import golden
from shared.contracts.catalogue import all_events
from shared.contracts.event import owner_of
from shared.domain.aggregate import Aggregate, StoredDocument
from shared.i18n.catalogues import Catalogues
from shared.kernel.service import ROOT, Service, declared
from shared.web.api.route import Route

SERVICES = declared()
FILES = {"__init__.py", "__main__.py", "service.py", "locale/id/messages.po"}
UNSCOPED = {
    "CommitmentLetter",
    "Entitlement",
    "Series",
}  # read by commands alone, for everybody's sake; no caller ever sees a row
each_service = pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)


@each_service
def test_every_service_has_the_same_files(service: Service) -> None:
    missing = sorted(name for name in FILES if not (service.folder / name).is_file())
    assert missing == [], f"services/{service.name} lacks files; CONTRIBUTING says what they hold"


@each_service
def test_a_service_imports_shared_and_itself_only(service: Service) -> None:
    for file in service.folder.rglob("*.py"):
        for module in imported(file):
            top, _, rest = module.partition(".")
            own = top == "services" and rest.partition(".")[0] == service.name
            assert own or top not in ("services", "deploy", "tests", "bench", "docs"), f"{file}: {module}"


def test_shared_knows_no_service() -> None:
    for file in (ROOT / "shared").rglob("*.py"):
        assert not [module for module in imported(file) if module.partition(".")[0] in ("services", "deploy")], file


def imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def test_ports_names_and_topics_are_each_ones_own() -> None:
    ports = [port for service in SERVICES for port in (service.port, service.metrics_port)]
    assert len(set(ports)) == len(ports)
    groups = [group.group for service in SERVICES for group in groups_of(service)]
    assert len(set(groups)) == len(groups)
    for service in SERVICES:
        assert Catalogues.of(service).gettext("id", service.title) != service.title, "it is not translated"
        assert all(group.group.startswith(f"{service.name}.") for group in groups_of(service))


@each_service
def test_every_document_says_who_sees_its_rows(service: Service) -> None:
    for document in service.documents:
        own = any("row_scope" in vars(kind) for kind in document.__mro__ if kind not in (StoredDocument, Aggregate))
        assert own != (document.__name__ in UNSCOPED), f"{document.__name__} leaves its scope to chance"
        assert document._meta["auto_create_index"] is False
        assert document.__module__.startswith(f"services.{service.name}.")


@each_service
def test_every_class_of_stored_rows_is_declared(service: Service) -> None:
    stored = {
        kind
        for kind in descendants(StoredDocument)
        if kind.__module__.startswith(f"services.{service.name}.") and not kind._meta.get("abstract")
    }
    assert stored == set(service.documents)


def descendants(kind: type) -> Iterator[type]:
    for child in kind.__subclasses__():
        yield child
        yield from descendants(child)


def routes_of(service: Service) -> list[Route]:
    return [route for routes in service.routes for route in routes.declared]


@each_service
def test_every_route_says_who_may_call_it(service: Service) -> None:
    for route in routes_of(service):
        assert route.permits is PUBLIC or (route.permits and set(route.permits) <= ROLES), route.operation
        assert route.rule.startswith("/v1/")
        if route.method != "GET":
            assert not {"auditor", "ministry", "donor", "partner"} & set(route.permits), (
                f"{route.operation} is no reader's"
            )


def command_modules(service: Service) -> Iterator[ModuleType]:
    for path in service.folder.glob("*/commands.py"):
        yield service.module(f"{path.parent.name}.commands")


@each_service
def test_a_change_is_called_as_its_command(service: Service) -> None:
    commands = {name for module in command_modules(service) for name in vars(module)}
    operations = [route.operation for route in routes_of(service)]
    assert len(set(operations)) == len(operations)
    for route in routes_of(service):
        if route.method != "GET":
            assert route.operation in commands, f"no command {route.operation}"
        else:
            assert route.operation.partition("_")[0] in ("list", "show", "verify"), route.operation


@each_service
def test_a_service_records_its_events_or_a_list_says_which_capability_will(service: Service) -> None:
    silent = {event.__name__ for event in set(all_events(service.name)) - recorded_by(service)}
    assert silent == {name for names in NOT_RECORDED_YET.get(service.name, {}).values() for name in names}, (
        "docs/recorded_events.py"
    )


def test_events_of_services_alone_are_declared() -> None:
    assert {owner_of(event).name for event in all_events()} <= {service.name for service in SERVICES}


def test_the_contracts_are_as_published() -> None:
    assert golden.check() == []


def test_the_generated_pages_are_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "docs.generate", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@each_service
def test_the_readme_names_every_service_with_its_address_and_a_request(service: Service) -> None:
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"| [{service.name}](services/{service.name}) | {service.port} |" in page, "README.md: the table of services"
    assert f"http://127.0.0.1:{service.port}/v1/" in page, "README.md: one request per service"


def test_every_setting_is_in_the_documentation() -> None:
    page = (Path(generate.__file__).parent / "settings.md").read_text(encoding="utf-8")
    for file in [
        *(ROOT / "shared" / "kernel" / "settings").glob("*.py"),
        *(ROOT / "services").rglob("settings.py"),
        *(ROOT / "deploy").rglob("settings.py"),
    ]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "setting":
                variable = node.args[0]
                assert isinstance(variable, ast.Constant)
                assert f"`{variable.value}`" in page, f"{variable.value} of {file}"
