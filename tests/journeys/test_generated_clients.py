"""Tools of others take the API's document as it is: two linters find nothing, two generated clients drive a journey."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from docs.generate import FOLDER
from shared.kernel import clock
from shared.kernel.context import acting_as
from tests.support import factories
from tests.support.browser import served
from tests.support.declared_operations import app_of
from tests.support.factories import ALPHA, STAFF
from tests.support.fixture_types import Enter
from tests.support.node import TOOLS, run
from tests.support.service_fixtures import configured, enter, tokens  # noqa: F401 - fixtures
from tests.support.tokens import Tokens

pytestmark = [pytest.mark.npm, pytest.mark.xdist_group("npm")]
DOCUMENT = FOLDER / "openapi.json"
SEEN = {
    "nib": None,
    "replayed": "true",
    "candidates": [True],
    "place": "Kudus",
    "unchanged": 304,
    "letter": "application/pdf",
    "listed": [["Kayu Contoh", "enrolled", ["M1"]]],
    "next": None,
}


@pytest.fixture
def place(enter: Enter, tokens: Tokens) -> Iterator[dict[str, str]]:  # noqa: F811 - fixtures
    """Where enrollment answers, and by which token."""
    enter("enrollment")
    with acting_as(STAFF):
        factories.institution(ALPHA)
    token = tokens.signed("provider", institution=ALPHA)
    with served(app_of("enrollment")) as address:
        yield {"ADDRESS": address, "TOKEN": token, "TODAY": clock.today("Asia/Jakarta").isoformat()}


def test_spectral_finds_nothing(node: Path) -> None:
    run(str(node / "spectral"), "lint", "--ruleset", "spectral.yaml", "--fail-severity", "hint", str(DOCUMENT))


def test_redocly_finds_nothing(node: Path) -> None:
    said = run(str(node / "redocly"), "lint", "--config", "redocly.yaml", "--format", "json", str(DOCUMENT))
    found: dict[str, Any] = json.loads(said[said.index("{") :])
    assert found["problems"] == []


def test_a_typescript_client_drives_a_journey(node: Path, place: dict[str, str], tmp_path: Path) -> None:
    for name in ("journey.mts", "tsconfig.json", "package.json"):
        shutil.copy(TOOLS / name, tmp_path)
    (tmp_path / "node_modules").symlink_to(TOOLS / "node_modules")
    run(str(node / "openapi-typescript"), str(DOCUMENT), "--output", str(tmp_path / "schema.d.ts"))
    run(str(node / "tsc"), "--project", "tsconfig.json", folder=tmp_path)
    assert json.loads(run("node", "journey.mjs", folder=tmp_path, **place)) == SEEN


@pytest.fixture(scope="module")
def python_client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a package `score_client`."""
    folder = tmp_path_factory.mktemp("client")
    arguments = ["--path", str(DOCUMENT), "--config", str(TOOLS / "python_client.yaml"), "--meta", "none"]
    generator = [sys.executable, "-m", "openapi_python_client", "generate", "--fail-on-warning"]
    run(*generator, *arguments, "--output-path", str(folder / "score_client"))
    return folder


def test_a_python_client_drives_a_journey(place: dict[str, str], python_client: Path) -> None:
    assert json.loads(run(sys.executable, str(TOOLS / "journey.py"), PYTHONPATH=str(python_client), **place)) == SEEN


def test_a_python_client_reads_and_writes_every_example(python_client: Path) -> None:
    said = run(sys.executable, str(TOOLS / "examples.py"), PYTHONPATH=str(python_client), DOCUMENT=str(DOCUMENT))
    found = json.loads(said)
    assert found["lost"] == []
    assert found["read"]


def test_a_python_client_has_every_import_and_type(python_client: Path, tmp_path: Path) -> None:
    """Without its own `client.py`, which is the generator's."""
    config = tmp_path / "mypy.ini"
    config.write_text("[mypy]\n[mypy-score_client.client]\nignore_errors = True\n", encoding="utf-8")
    checked = ["--config-file", str(config), "--cache-dir", str(tmp_path), str(python_client / "score_client")]
    run(sys.executable, "-m", "mypy", *checked, folder=python_client)
