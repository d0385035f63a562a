"""Derives the JSON Schema of a contract class, as it is published."""

from __future__ import annotations

from typing import Any

import msgspec

from shared.contracts.wire.shape import Contract


def json_schema(cls: type[Contract]) -> dict[str, Any]:
    """Derive the JSON Schema 2020-12 of the body. A publisher fulfils it; a reader must also bear fields it does not list."""
    parts = msgspec.json.schema(cls)["$defs"]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_inline_parts(parts[cls.__name__], parts)}


def _inline_parts(node: Any, parts: dict[str, Any]) -> Any:
    """Put the parts in their places, and drop null, since what is absent is not written."""
    match node:
        case {"$ref": reference}:
            return _inline_parts(parts[reference.rpartition("/")[2]], parts)
        case {"anyOf": [present, {"type": "null"}]}:
            return _inline_parts(present, parts)
        case {"enum": _}:
            return {"type": "string", **node}
        case dict():
            return {name: _inline_parts(inner, parts) for name, inner in node.items()}
        case list() | tuple():
            return [_inline_parts(inner, parts) for inner in node]
    return node
