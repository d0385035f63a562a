"""The one rule of evolution: inside a version a contract only gains optional fields, and vocabularies only grow.

`breaks` compares a published JSON Schema with the present one and says in words what an old reader or an old event could
not bear. Any other change needs a new version of the type.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

Schema: TypeAlias = dict[str, Any]

_CONSTRAINTS = ("format", "pattern", "minimum", "maximum", "minLength", "maxLength")


def breaks(old: Schema, new: Schema) -> list[str]:
    """Return what makes `new` incompatible with the published `old`; empty if nothing does."""
    return [*_identity(old, new), *_shape(old, new, "")]


def _identity(old: Schema, new: Schema) -> Iterator[str]:
    for mark, words in (("x-type", "type"), ("x-topic", "topic"), ("x-key", "key")):
        if old.get(mark) != new.get(mark):
            yield f"the {words} changed from {old.get(mark)} to {new.get(mark)}"


def _shape(old: Schema, new: Schema, path: str) -> Iterator[str]:
    where = path or "the body"
    if old.get("type") != new.get("type"):
        yield f"{where}: {old.get('type')} became {new.get('type')}"
        return
    for constraint in _CONSTRAINTS:
        if old.get(constraint) != new.get(constraint):
            yield f"{where}: {constraint} changed from {old.get(constraint)} to {new.get(constraint)}"
    yield from _vocabulary(old, new, where)
    if old.get("default") != new.get("default"):
        yield f"{where}: the default changed from {old.get('default')} to {new.get('default')}"
    if old.get("type") == "array":
        yield from _shape(old["items"], new["items"], f"{path}[]")
    if old.get("type") == "object":
        yield from _fields(old, new, path)


def _vocabulary(old: Schema, new: Schema, where: str) -> Iterator[str]:
    if ("enum" in old) != ("enum" in new):
        yield f"{where}: the vocabulary was {'opened' if 'enum' in old else 'closed'}"
    elif lost := [word for word in old.get("enum", []) if word not in new["enum"]]:
        yield f"{where}: the vocabulary lost {', '.join(lost)}"


def _fields(old: Schema, new: Schema, path: str) -> Iterator[str]:
    before, after = old["properties"], new["properties"]
    for name, was in before.items():
        where = f"{path}.{name}" if path else name
        if name not in after:
            yield f"{where}: removed"
            continue
        yield from _shape(was, after[name], where)
        if name in old["required"] and name not in new["required"]:
            yield f"{where}: became optional, old readers need it"
        elif name not in old["required"] and name in new["required"]:
            yield f"{where}: became required, old events lack it"
    for name in after.keys() - before.keys():
        where = f"{path}.{name}" if path else name
        if name in new["required"]:
            yield f"{where}: added as required, old events lack it"
        elif after[name].get("default", []) != []:
            yield f"{where}: added with the default {after[name]['default']}, which old events never said"
