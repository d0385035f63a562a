"""A whole stack on free ports with services of a few lines, started as a person starts it: as a process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.resilience.stack.runner import DECLARATION, HERE, MAIN, NAMES, Runner, free_offset


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A folder with three declared services, one of them unknown to the fixed order."""
    services = tmp_path / "tree" / "services"
    services.mkdir(parents=True)
    (services / "__init__.py").touch()
    for name, (web, metrics) in NAMES.items():
        folder = services / name
        folder.mkdir()
        (folder / "__init__.py").touch()
        (folder / "__main__.py").write_text(MAIN.format(name=name, script=str(HERE / "fake_service.py")))
        (folder / "service.py").write_text(DECLARATION.format(name=name, web=web, metrics=metrics))
    return services.parent


@pytest.fixture
def start(tree: Path, tmp_path: Path) -> Iterator[Callable[..., Runner]]:
    """Starts runners and ends, by their ids, whatever a failed test leaves of them."""
    runners: list[Runner] = []
    families: list[psutil.Process] = []

    def started(*flags: str, offset: int | None = None, data: str = "data", **further: Any) -> Runner:
        runners.append(Runner(tree, tmp_path / data, offset or free_offset(), *flags, **further))
        return runners[-1]

    yield started
    for runner in runners:
        if runner.process.poll() is None:
            families += runner.family()
            runner.end()
        if runner.process.stdout:
            runner._reader.join(30)
            runner.process.stdout.close()
    for process in families:
        if process.is_running():
            process.kill()
