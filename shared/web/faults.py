"""Gives what a schema refuses its place: a JSON pointer in a body, the name of a parameter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any

import marshmallow
from marshmallow import ValidationError

from shared.kernel.errors import Fault
from shared.kernel.message import Message
from shared.web.schema import Schema

MOST = 100  # an answer lists no more faults than a person would read


def faults_of(messages: Mapping[Any, Any], *, location: str = "json") -> list[Fault]:
    """Return the faults in `messages`, which are as `ValidationError.normalized_messages()` gives them."""
    if location == "json":
        return list(islice(_in_body(messages, ""), MOST))
    return list(islice(_in_query(messages), MOST))


def faults_with_rules(schema: marshmallow.Schema, refused: ValidationError, messages: Mapping[Any, Any]) -> list[Fault]:
    """Return what a schema refuses of a body, and what the rules do of the values that it takes."""
    taken = refused.valid_data if isinstance(refused.valid_data, dict) else {}
    broken = schema.broken_rules(taken, messages) if isinstance(schema, Schema) else []
    return [*faults_of(messages), *broken]


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
            yield _as_fault(message).at(place)


def _in_query(messages: Mapping[Any, Any]) -> Iterator[Fault]:
    for name, below in messages.items():
        for message in below if isinstance(below, list) else [below]:
            fault = _as_fault(message)
            code = "unknown-parameter" if fault.code == "unknown-field" else fault.code
            yield replace(fault, code=code, parameter=str(name))


def _as_fault(message: Fault | str) -> Fault:
    """Return the fault in a message; what a library says by itself, such as webargs of no request, is an English sentence."""
    return message if isinstance(message, Fault) else Fault("invalid", Message(message))
