"""Declares a setting and reads a class of them from the environment.

A setting is a field of a frozen dataclass with its environment variable, default and meaning. `SCORE_X_FILE` holding a path
is read for `SCORE_X` (secrets), and `SCORE_<SERVICE>_X` before either where a setting is declared `per_service`. A service's
own settings are a class of the same shape in its `settings.py`, read with `load`, which names every bad variable at once.
What production needs of a setting stands in its declaration (`production.py` collects it). `docs/settings.md` is generated.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from environs import EnvError, FileAwareEnv
from marshmallow import ValidationError
from marshmallow.validate import OneOf, Range, Validator

S = TypeVar("S")
PREFIX = "SCORE_"


@dataclass(frozen=True, slots=True)
class InProduction:
    """What production needs of a setting: whether a value fits, and in words what to set."""

    fits: Callable[[Any], bool]
    needed: str


def setting(
    variable: str,
    default: Any,
    meaning: str,
    *,
    check: Validator | None = None,
    secret: bool = False,
    per_service: bool = False,
    production: InProduction | None = None,
) -> Any:
    """Declare a setting. The value of a `secret` is shown by no `repr`."""
    return field(
        default=default if not isinstance(default, dict) else None,
        repr=not secret,
        metadata={
            "variable": variable,
            "default": default,
            "meaning": meaning,
            "check": check,
            "secret": secret,
            "per_service": per_service,
            "production": production,
        },
    )


class _ReadableFile(Validator):
    """Accepts the path of a file that is there."""

    def __call__(self, value: str) -> str:
        if value and not Path(value).is_file():
            raise ValidationError("There is no such file.")
        return value


class _NamedKeys(Validator):
    """Accepts keys of 32 bytes in hexadecimal, each under an id."""

    def __call__(self, value: Sequence[str]) -> Sequence[str]:
        if not all(re.fullmatch(r"[\w.-]+=[0-9a-fA-F]{64}", key) for key in value):
            raise ValidationError("Each is `id=` and 64 hexadecimal digits.")
        return value


POSITIVE = Range(min=0, min_inclusive=False)
NOT_NEGATIVE = Range(min=0)
GATE = OneOf(["on", "warn", "off"])
READABLE_FILE = _ReadableFile()
NAMED_KEYS = _NamedKeys()


class Misconfigured(RuntimeError):
    """The environment is wrong; the message names every bad variable."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What the environment says: values by field, the variable that each came from, and what is wrong, by variable."""

    values: Mapping[str, Any]
    sources: Mapping[str, str]
    faults: Mapping[str, str]


def read(shape: type[Any], service: str = "") -> Reading:
    """Read a settings class from the environment, as far as that goes; with a service, as that service sees it."""
    env = FileAwareEnv(strip_whitespace=True)  # a secret's file ends in a line break as often as not
    values: dict[str, Any] = {}
    sources: dict[str, str] = {}
    faults: dict[str, str] = {}
    for item in fields(shape):
        meta = item.metadata
        check, values[item.name], sources[item.name] = meta["check"], meta["default"], meta["variable"]
        for variable in variables_of(meta, service):
            try:
                given = _parser(env, item.type)(variable, values[item.name], validate=[check] if check else [])
            except (EnvError, ValueError) as bad:
                faults[variable] = str(bad)
                continue
            if given is not values[item.name]:
                values[item.name], sources[item.name] = given, variable
    return Reading(
        {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}, sources, faults
    )


def load(shape: type[S], service: str = "") -> S:
    """Read a settings class from the environment, or raise `Misconfigured`."""
    reading = read(shape, service)
    if reading.faults:
        raise Misconfigured("; ".join(reading.faults.values()))
    return shape(**reading.values)


def variables_of(meta: Mapping[str, Any], service: str) -> tuple[str, ...]:
    """Return the variables that a setting is read from; a later one overrides an earlier."""
    general: str = meta["variable"]
    if not service or not meta["per_service"]:
        return (general,)
    return general, f"{PREFIX}{service.upper()}_{general.removeprefix(PREFIX)}"


def _parser(env: FileAwareEnv, annotation: Any) -> Callable[..., Any]:
    parsers: dict[str, Callable[..., Any]] = {
        "str": env.str,
        "int": env.int,
        "float": env.float,
        "bool": env.bool,
        "tuple[str, ...]": env.list,
        "tuple[int, ...]": partial(env.list, subcast=int),
        "dict[str, str]": env.dict,
    }
    return parsers[str(annotation)]
