"""Finishes what apispec has written of a service's operations: fills in the refusals, names the headers, drops the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from shared.web.api.document import problem_types
from shared.web.api.document.headers import HEADERS, OF_EVERY_ANSWER, OF_REFUSALS, references
from shared.web.api.problems import MEDIA_TYPE

DEFAULT = "DEFAULT_ERROR"


def finished(document: dict[str, Any], service: str) -> dict[str, Any]:
    """Return the whole document of a service, with every component that it refers to and no other."""
    components = document["components"]
    components["schemas"] |= problem_types.schemas(service)
    components["headers"] = dict(HEADERS)
    for name in components.get("responses", {}):
        components["responses"][name] = _refusal(name, service)
    for answer in _answers(document):
        answer["headers"] = {**references(OF_EVERY_ANSWER), **answer.get("headers", {})}
    _drop_unused(document)
    return document


def _answers(document: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield every answer that the document describes, once each: those that operations share and those of one alone."""
    yield from document["components"].get("responses", {}).values()
    for path in document["paths"].values():
        for operation in path.values():
            if isinstance(operation, Mapping):
                yield from (answer for answer in operation.get("responses", {}).values() if "$ref" not in answer)


def _refusal(name: str, service: str) -> dict[str, Any]:
    if name == DEFAULT:
        one_of = [{"$ref": _schema(problem_types.OTHER)}]
        said, headers = "Any other refusal", {}
    else:
        status = HTTPStatus[name]
        one_of = [{"$ref": _schema(kind)} for kind in problem_types.with_status(service, status)]
        said, headers = status.phrase, references(OF_REFUSALS.get(status, {}))
    schema: dict[str, Any] = one_of[0] if len(one_of) == 1 else {"oneOf": one_of}
    answer: dict[str, Any] = {"description": said, "content": {MEDIA_TYPE: {"schema": schema}}}
    return answer | ({"headers": headers} if headers else {})


def _schema(name: str) -> str:
    return problem_types.REFERENCE.format(name=name)


def _drop_unused(document: dict[str, Any]) -> None:
    """Take out the components that nothing refers to, again and again, since they refer to others."""
    components = document["components"]
    while True:
        used = set(_references(document))
        unused = [
            (kind, name)
            for kind, named in components.items()
            if kind != "securitySchemes"
            for name in named
            if f"#/components/{kind}/{name}" not in used
        ]
        if not unused:
            return
        for kind, name in unused:
            del components[kind][name]


def _references(part: Any) -> Iterator[str]:
    if isinstance(part, Mapping):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for below in part.values():
            yield from _references(below)
    elif isinstance(part, list):
        for below in part:
            yield from _references(below)
