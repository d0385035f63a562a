"""Marshmallow's nested messages as faults, each with its place: a JSON pointer in a body, the name of a parameter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from shared.i18n.messages import coded
from shared.kernel.errors import Fault

MOST = 100  # an answer lists no more faults than a person would read


def faults_of(messages: Mapping[Any, Any], *, location: str = "json") -> list[Fault]:
    """`messages` as `ValidationError.normalized_messages()` gives them."""
    if location == "json":
        return list(islice(_in_body(messages, ""), MOST))
    return list(islice(_in_query(messages), MOST))


def pointer(*parts: object) -> str:
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in parts)


def _in_body(messages: Any, place: str) -> Iterator[Fault]:
    if isinstance(messages, Mapping):
        for key, below in messages.items():
            yield from _in_body(below, place if key == "_schema" else place + pointer(key))
        return
    for message in messages if isinstance(messages, list) else [messages]:
        if isinstance(message, Mapping):
            yield from _in_body(message, place)
        else:
            code, values = coded(str(message))
            yield Fault(code, str(message) if code == "invalid" else None, pointer=place, values=values)


def _in_query(messages: Mapping[Any, Any]) -> Iterator[Fault]:
    for name, below in messages.items():
        for message in below if isinstance(below, list) else [below]:
            code, values = coded(str(message))
            code = "unknown-parameter" if code == "unknown-field" else code
            yield Fault(code, str(message) if code == "invalid" else None, parameter=str(name), values=values)
