"""The declaration of a service. Everything else is found by its file names.

`services/<name>/service.py` holds one `SERVICE`. The runner, compose, metrics targets, documentation and tests iterate
over the declarations; nothing here imports a service before it is needed, so a declaration costs no start-up time.
"""

from __future__ import annotations

import importlib
import importlib.metadata
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

DISTRIBUTION = "score-platform"
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Service:
    name: str
    title: dict[str, str]
    port: int
    metrics_port: int

    @property
    def database(self) -> str:
        return f"score_{self.name}"

    @property
    def fact_topic(self) -> str:
        return f"score.{self.name}"

    @property
    def folder(self) -> Path:
        return ROOT / "services" / self.name

    def module(self, part: str) -> ModuleType:
        return importlib.import_module(f"services.{self.name}.{part}")

    @property
    def documents(self) -> tuple[Any, ...]:
        """Classes of stored documents, each with its collection and indexes."""
        return tuple(self.module("documents").DOCUMENTS)

    @property
    def routes(self) -> tuple[Any, ...]:
        return tuple(self.module("routes").ROUTES)

    @property
    def pages(self) -> Any:
        return self.module("pages").PAGES

    @property
    def reactions(self) -> tuple[Any, ...]:
        """The service's own reaction groups, and the one that every service has."""
        from shared.messaging.suspensions import group_for  # only workers and documentation need it

        return (*self.module("reactions").REACTIONS, group_for(self.name))

    @property
    def timers(self) -> tuple[Any, ...]:
        return tuple(self.module("timers").TIMERS)


def declared(folder: Path = ROOT / "services") -> tuple[Service, ...]:
    """Every service of the tree, in the order of their ports."""
    names = sorted(path.parent.name for path in folder.glob("*/service.py"))
    services = [importlib.import_module(f"services.{name}.service").SERVICE for name in names]
    return tuple(sorted(services, key=lambda service: service.port))


def version() -> str:
    """The version of the installed platform; `0` in a bare checkout."""
    try:
        return importlib.metadata.version(DISTRIBUTION)
    except importlib.metadata.PackageNotFoundError:
        return "0"
