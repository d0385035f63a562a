"""The product's own code as syntax trees, for tests of what stands where."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from shared.kernel.service import ROOT


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


def place_of(module: str) -> tuple[str, str, str]:
    """Service, subject and file of a module."""
    parts = module.split(".")
    if parts[0] != "services" or len(parts) < 3:
        return "", "", ""
    return parts[1], parts[2], parts[-1]


def calls_in(tree: ast.AST, function: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] == function:
            yield node
