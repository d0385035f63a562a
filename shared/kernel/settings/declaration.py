"""Declares a setting and reads a class of them from the environment.

A setting is a field of a frozen dataclass with its environment variable, default and meaning. `SCORE_X_FILE` holding a path
is read for `SCORE_X` (secrets). A service's own settings are a class of the same shape in its `settings.py`, read with
`load`, which names every bad variable at once. `docs/settings.md` is generated.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field, fields
from typing import Any, TypeVar

from environs import EnvError, FileAwareEnv
from marshmallow.validate import OneOf, Range, Validator

S = TypeVar("S")


def setting(variable: str, default: Any, meaning: str, *, check: Validator | None = None, secret: bool = False) -> Any:
    return field(
        default=default if not isinstance(default, dict) else None,
        metadata={"variable": variable, "default": default, "meaning": meaning, "check": check, "secret": secret},
    )


POSITIVE = Range(min=0, min_inclusive=False)
NOT_NEGATIVE = Range(min=0)
GATE = OneOf(["on", "warn", "off"])


class Misconfigured(RuntimeError):
    """The environment is wrong; the message names every bad variable."""


def load(shape: type[S]) -> S:
    """Read a settings class from the environment, or raise `Misconfigured`."""
    env = FileAwareEnv(eager=False)
    values: dict[str, Any] = {}
    for item in fields(shape):  # type: ignore[arg-type]
        meta = item.metadata
        check = meta["check"]
        values[item.name] = _parser(env, item.type)(
            meta["variable"], meta["default"], validate=[check] if check else []
        )
    try:
        env.seal()
    except EnvError as problem:
        raise Misconfigured(str(problem)) from problem
    for name, value in values.items():
        if isinstance(value, list):
            values[name] = tuple(value)
    return shape(**values)


def _parser(env: FileAwareEnv, annotation: Any) -> Callable[..., Any]:
    parsers: dict[str, Callable[..., Any]] = {
        "str": env.str,
        "int": env.int,
        "float": env.float,
        "bool": env.bool,
        "tuple[str, ...]": env.list,
        "dict[str, str]": env.dict,
    }
    return parsers[str(annotation)]
