"""Describes each type of problem that a service answers, from the class that declares it.

A type is an object of its own: its name and status are constants, the members are those of the class. An answer with a
status is one of the types that have it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any, Final

import msgspec

from shared.i18n.messages import meaning_of
from shared.kernel.errors import Problem

REFERENCE: Final = "#/components/schemas/{name}"
_OF_PAGES: Final = "shared.web.pages."  # a form is answered by a page
_TEXT: Final[Mapping[str, Any]] = {"type": "string"}
_EVERY: Final[Mapping[str, Any]] = {
    "type": {"type": "string", "format": "uri-reference", "description": "Stable; explained at this address"},
    "title": {**_TEXT, "description": "In the caller's language"},
    "status": {"type": "integer"},
    "detail": {**_TEXT, "description": "In the caller's language"},
    "instance": {**_TEXT, "description": "Path of the request"},
    "request_id": {**_TEXT, "description": "To be given when asking about it"},
    "errors": {"type": "array", "items": {"$ref": REFERENCE.format(name="Fault")}},
}
ERRORS: Final = frozenset({"errors"})
FAULT: Final[Mapping[str, Any]] = {
    "type": "object",
    "description": "One thing that is wrong, and where: one of `pointer`, `parameter`, `header`.",
    "properties": {
        "pointer": {**_TEXT, "description": "JSON pointer into the body"},
        "parameter": {**_TEXT, "description": "Name of the query parameter"},
        "header": {**_TEXT, "description": "Name of the header"},
        "code": {**_TEXT, "description": "Stable code, never translated"},
        "detail": {**_TEXT, "description": "In the caller's language"},
    },
    "required": ["code", "detail"],
    "additionalProperties": False,
}
OTHER: Final = "OtherProblem"
# what may happen to any request; `type` is closed, so that a client can tell every type from the others
_OTHERS: Final = ("http-error", "internal-error", "method-not-allowed", "misdirected-request")


def problem_types(service: str) -> dict[str, type[Problem]]:
    """Return the types that a service answers: the platform's and its own, by their names."""
    types: dict[str, type[Problem]] = {}
    for kind in _with_below(Problem):
        module = kind.__module__
        own = module.startswith((f"services.{service}.", "shared.")) and not module.startswith(_OF_PAGES)
        if own and not kind.__name__.startswith("_"):
            types.setdefault(kind.type_name, kind)
    return dict(sorted(types.items()))


def with_status(service: str, status: int) -> list[str]:
    """Return the names of the schemas of which an answer with a status is one."""
    return [name_of(kind) for kind in problem_types(service).values() if kind.status == status]


def schemas(service: str) -> dict[str, Any]:
    """Return the schemas of all types, and of what their members hold."""
    types = problem_types(service).values()
    _, parts = msgspec.json.schema_components([kind.declared_members for kind in types], ref_template=REFERENCE)
    members = {kind.declared_members.__name__: kind.declared_members for kind in types}
    described = {name_of(kind): _of_type(kind, parts[kind.declared_members.__name__]) for kind in types}
    inner = {name: _closed(part) for name, part in parts.items() if name not in members}
    other_type = {"type": "string", "enum": [f"/problems/{name}" for name in _OTHERS]}
    other = _object(
        {**_EVERY, "type": other_type}, (), may_lack={"errors", "instance"}
    )  # of a line that cannot be read
    return {"Fault": dict(FAULT), OTHER: other, **described, **inner}


def name_of(kind: type[Problem]) -> str:
    return f"{kind.type_name.title().replace('-', '')}Problem"


def _of_type(kind: type[Problem], members: Mapping[str, Any]) -> dict[str, Any]:
    properties = {
        **_EVERY,
        "type": {"type": "string", "const": f"/problems/{kind.type_name}"},
        "status": {"type": "integer", "const": kind.status},
        **members["properties"],
    }
    return {"description": meaning_of(kind.type_name, "en"), **_object(properties, members.get("required", ()))}


def _object(properties: Mapping[str, Any], more: Any, *, may_lack: AbstractSet[str] = ERRORS) -> dict[str, Any]:
    required = sorted({*(_EVERY.keys() - may_lack), *more})
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _closed(part: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in part.items() if name != "title"} | {"additionalProperties": False}


def _with_below(kind: type[Problem]) -> Iterator[type[Problem]]:
    yield kind
    for subclass in kind.__subclasses__():
        yield from _with_below(subclass)
