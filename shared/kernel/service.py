"""The declaration of a service. Everything else is found in the folders of its subjects.

`services/<name>/service.py` holds one `SERVICE`, which names the subjects in their order, low to high. From their files the
platform collects what they declare: stored documents, HTTP operations (`api`), pages (`pages`), consumer groups (`handlers`)
and timers (`jobs`). The runner, compose, metrics targets, documentation and tests iterate over the declarations; nothing
here imports a service before it is needed, so a declaration costs no start-up time.
"""

from __future__ import annotations

import importlib
import importlib.metadata
from collections.abc import Iterator
from dataclasses import dataclass, is_dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

DISTRIBUTION = "score-platform"
ROOT = Path(__file__).resolve().parents[2]
EDGES = ("api", "pages", "handlers", "jobs")
WITHOUT_DOCUMENTS = (*EDGES, "rules", "commands", "queries", "schemas", "labels", "errors")


class Declaration:
    """Something that a file of a subject declares and the platform collects from there."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A thing that people know by a word, under which the bar of every service leads to pages. Low places come first."""

    name: str
    title: str
    place: int


@dataclass(frozen=True, slots=True)
class Service:
    name: str
    title: str
    port: int
    metrics_port: int
    subjects: tuple[str, ...] = ()
    sections: tuple[Section, ...] = ()

    @property
    def database(self) -> str:
        return f"score_{self.name}"

    @property
    def event_topic(self) -> str:
        return f"score.{self.name}"

    @property
    def folder(self) -> Path:
        return ROOT / "services" / self.name

    @property
    def template_folders(self) -> list[Path]:
        """Return where the pages' templates stand: in the subjects' folders, and in the service's own."""
        return [*sorted(self.folder.glob("*/templates")), self.folder / "templates"]

    @property
    def documents(self) -> tuple[Any, ...]:
        """Collect the classes of stored documents, each with its collection and indexes."""
        inner = [self._module(path) for path in self._files() if path.stem not in WITHOUT_DOCUMENTS]
        return tuple(
            value
            for module in inner
            for value in vars(module).values()
            if isinstance(value, type) and value.__module__ == module.__name__ and _collection_of(value)
        )

    @property
    def routes(self) -> tuple[Any, ...]:
        """Collect the HTTP operations of each subject."""
        return self._declared("api")

    @property
    def pages(self) -> tuple[Any, ...]:
        """Collect the pages of each subject."""
        return self._declared("pages")

    @property
    def groups(self) -> tuple[Any, ...]:
        """Collect the consumer groups of each subject; `groups_of` adds the one that every service has."""
        return self._declared("handlers")

    @property
    def timers(self) -> tuple[Any, ...]:
        return self._declared("jobs")

    @property
    def settings(self) -> tuple[type[Any], ...]:
        """Collect the classes of its own settings."""
        if not (self.folder / "settings.py").is_file():
            return ()
        module = self.module("settings")
        return tuple(
            value
            for value in vars(module).values()
            if isinstance(value, type) and is_dataclass(value) and value.__module__ == module.__name__
        )

    @property
    def labels(self) -> dict[str, ModuleType]:
        """Collect the `labels` of each subject that has some, by its name."""
        return {path.parent.name: self._module(path) for path in self._files() if path.stem == "labels"}

    def module(self, part: str) -> ModuleType:
        return importlib.import_module(f"services.{self.name}.{part}")

    def _declared(self, edge: str) -> tuple[Any, ...]:
        """Collect what the edge files of this kind declare, in the order of the subjects."""
        modules = [self._module(path) for path in self._files() if path.stem == edge]
        declarations = [
            value for module in modules for value in vars(module).values() if isinstance(value, Declaration)
        ]
        return tuple({id(value): value for value in declarations}.values())

    def _files(self) -> Iterator[Path]:
        for subject in self.subjects:
            yield from sorted((self.folder / subject).glob("*.py"))

    def _module(self, path: Path) -> ModuleType:
        return self.module(".".join(path.relative_to(self.folder).with_suffix("").parts))


def _collection_of(kind: type) -> str | None:
    collection: str | None = getattr(kind, "_meta", {}).get("collection")
    return collection


def declared(folder: Path = ROOT / "services") -> tuple[Service, ...]:
    """Return every service of the tree, in the order of their ports."""
    names = sorted(path.parent.name for path in folder.glob("*/service.py"))
    services = [importlib.import_module(f"services.{name}.service").SERVICE for name in names]
    return tuple(sorted(services, key=lambda service: service.port))


def version() -> str:
    """Return the version of the installed platform; `0` in a bare checkout."""
    try:
        return importlib.metadata.version(DISTRIBUTION)
    except importlib.metadata.PackageNotFoundError:
        return "0"
