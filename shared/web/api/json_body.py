"""Reads a request's JSON body strictly, before any schema sees it.

Refused with the place named: another content type, bad UTF-8, broken JSON, repeated keys, more than `MAX_DEPTH` levels,
`MAX_KEYS` fields or `MAX_ITEMS` values, keys that start with `$`, NUL characters, lone surrogates, numbers that are not
finite or do not fit 64 bits. So what reaches a schema, a query or the store is plain data.
"""

from __future__ import annotations

import json
import math
from typing import Any, Final

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge

from shared.domain.errors import BodyTooLarge, Invalid
from shared.kernel.errors import Fault
from shared.web.answer import JSON
from shared.web.errors import Malformed, UnsupportedMediaType
from shared.web.faults import pointer

MERGE_PATCH: Final = "application/merge-patch+json"  # RFC 7396: what every PATCH is
MAX_DEPTH: Final = 20
MAX_KEYS: Final = 1_000
MAX_ITEMS: Final = 10_000
_INT64: Final = 2**63
_LONGEST_INT64: Final = 20  # characters, sign included

Path = tuple[object, ...]


def read_json(request: Request) -> Any:
    """Return the body as plain data; raise the problem that says which part is wrong."""
    require_media_type(request, *((JSON, MERGE_PATCH) if request.method == "PATCH" else (JSON,)))
    return parsed(received(request))


def received(request: Request) -> bytes:
    try:
        return request.get_data(cache=True)
    except RequestEntityTooLarge:
        raise BodyTooLarge from None


def require_media_type(request: Request, *expected: str) -> None:
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if request.mimetype not in expected or charset not in ("utf-8", "utf8") or request.content_encoding:
        raise UnsupportedMediaType(", ".join(expected))


def refuse_body(request: Request) -> None:
    """Refuse a body where none is taken; an empty object counts as none, since many clients always send one."""
    data = received(request)
    if data and data.strip() != b"{}":
        raise Malformed(errors=[Fault("no-body", pointer="")])


def parsed(data: bytes) -> Any:
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise _unreadable("not-utf8") from None
    try:
        document = json.loads(
            text, object_pairs_hook=_without_repeats, parse_int=_bounded_integer, parse_constant=float
        )
    except RecursionError:
        raise _unreadable("too-deep", max=MAX_DEPTH) from None
    except ValueError:  # JSONDecodeError, and what the interpreter says of digits without end
        raise _unreadable("not-json") from None
    _inspect(document)
    return document


def _inspect(document: Any) -> None:
    keys = items = 0
    pending: list[tuple[Path, Any]] = [((), document)]
    while pending:
        path, value = pending.pop()
        if not isinstance(value, (dict, list)):
            _inspect_scalar(value, path)
            continue
        if len(path) >= MAX_DEPTH:
            raise _unreadable("too-deep", max=MAX_DEPTH)
        if isinstance(value, dict):
            keys += len(value)
            for key in value:
                _inspect_key(key, path)
        else:
            items += len(value)
        if keys > MAX_KEYS:
            raise _unreadable("too-many-keys", max=MAX_KEYS)
        if items > MAX_ITEMS:
            raise _unreadable("too-many-items", max=MAX_ITEMS)
        children = value.items() if isinstance(value, dict) else enumerate(value)
        pending.extend(((*path, place), inner) for place, inner in children)


def _inspect_scalar(value: Any, path: Path) -> None:
    if isinstance(value, str):
        _inspect_text(value, path)
    elif isinstance(value, float):
        if not math.isfinite(value):
            raise Invalid(pointer(*path), "not-finite")
    elif isinstance(value, int) and not -_INT64 <= value < _INT64:
        raise Invalid(pointer(*path), "number-too-large")


def _inspect_text(value: str, path: Path) -> None:
    if "\0" in value:
        raise Invalid(pointer(*path), "control-character")
    if not value.isascii() and any("\ud800" <= character <= "\udfff" for character in value):
        raise Invalid(pointer(*path), "not-utf8")


def _inspect_key(key: str, path: Path) -> None:
    if key.startswith("$"):
        raise Invalid(pointer(*path, key), "operator")
    if "\0" in key or not key.isprintable():
        raise Invalid(pointer(*path), "control-character")


def _bounded_integer(digits: str) -> int:
    return int(digits) if len(digits) <= _LONGEST_INT64 else _INT64


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        names = [name for name, _ in pairs]
        repeated = next(name for name in names if names.count(name) > 1)
        raise _unreadable("duplicate-key", key=repeated[:50])
    return members


def _unreadable(code: str, **values: Any) -> Malformed:
    return Malformed(errors=[Fault(code, pointer="", values=values)])
