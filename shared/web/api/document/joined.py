"""Joins the documents of all services into one, for who writes a client for the whole platform.

A path belongs to the service that has it, by the path's own `servers`; one that every service has names them all. Parts of
one name are one part: what services say differently of an answer is any of what they say.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from shared.kernel.service import Service

TITLE: Final = "SCORE"
METHODS: Final = ("get", "post", "put", "patch", "delete")


class Contradiction(Exception):
    """Two services mean different things by one name."""


def joined(documents: Mapping[Service, Mapping[str, Any]]) -> dict[str, Any]:
    """Return one document; raise `Contradiction` where a name, a path or an operation's id has two meanings."""
    first = next(iter(documents.values()))
    whole: dict[str, Any] = {
        "openapi": first["openapi"],
        "info": {**first["info"], "title": TITLE},
        "servers": [_server(service) for service in documents],
        "tags": [],
        "paths": {},
        "components": {},
    }
    for service, document in documents.items():
        for tag in document["tags"]:
            if tag not in whole["tags"]:
                whole["tags"].append(tag)
        for kind, parts in document["components"].items():
            known = whole["components"].setdefault(kind, {})
            for name, part in parts.items():
                known[name] = part if name not in known else _one_part(kind, name, known[name], part)
        for path, item in document["paths"].items():
            of_service = {**item, "servers": [_server(service)]}
            known = whole["paths"].get(path)
            whole["paths"][path] = of_service if known is None else _one_path(path, known, of_service)
    _refuse_repeated(whole)
    return whole


def _server(service: Service) -> dict[str, str]:
    return {"url": f"http://127.0.0.1:{service.port}", "description": f"{service.title}, as `score up` runs it"}


def _one_path(path: str, known: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    if {**known, "servers": None} != {**other, "servers": None}:
        raise Contradiction(f"{path} of {other['servers'][0]['description']} is another service's too")
    return {**known, "servers": [*known["servers"], *other["servers"]]}


def _one_part(kind: str, name: str, known: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    if known == other:
        return known
    if kind != "responses":
        raise Contradiction(f"two services mean different things by {kind}/{name}")
    ((media_type, content),) = known["content"].items()
    either = {reference["$ref"]: reference for part in (known, other) for reference in _types(part)}
    schema = {"oneOf": [either[name] for name in sorted(either)]}
    return {**known, "content": {media_type: {**content, "schema": schema}}}


def _types(answer: Mapping[str, Any]) -> list[dict[str, str]]:
    ((_, content),) = answer["content"].items()
    types: list[dict[str, str]] = content["schema"].get("oneOf", [content["schema"]])
    return types


def _refuse_repeated(whole: Mapping[str, Any]) -> None:
    seen: set[str] = set()
    for item in whole["paths"].values():
        for method in METHODS:
            operation = item.get(method, {}).get("operationId")
            if operation in seen:
                raise Contradiction(f"two operations are called {operation}")
            seen |= {operation} - {None}
