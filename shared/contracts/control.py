"""The control topic: a group asks an owner to send events again, a service says that somebody signed out.

These are messages, not events: no aggregate, no sequence, no history. A resend's key is the group, so its requests and the
answers stay in order. Losing one costs time only: a group repeats what was not answered, a token expires by itself.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, TypeAlias
from uuid import UUID

from shared.contracts.wire.codec import decode, encode
from shared.contracts.wire.record import Attributes, Headers, Record, body_of, cloud_headers, schema_uri
from shared.contracts.wire.shape import Code, Contract, Integer, Timestamp, Undecodable, Value

CONTROL_TOPIC: Final = "score.resend"


class ResendRequested(Contract):
    """A group asks for one key from a sequence on, or for a topic from a recording time on (None: from the start)."""

    request_id: UUID
    group: Code
    topic: Code
    key: UUID | None = None
    from_sequence: Integer = 1
    after: Timestamp | None = None
    generation: Integer = 1
    page: Integer = 1


class ResendAnswered(Contract):
    """The owner has sent a page; the next one starts after `next_after`, unless it is done."""

    request_id: UUID
    group: Code
    topic: Code
    next_after: Timestamp | None = None
    done: bool
    sent: Integer


class KeyWanted(Value):
    """What is asked of one key: its events from a sequence on, as an answer to `answering` where the group is in doubt."""

    key: UUID
    from_sequence: Integer = 1
    answering: UUID | None = None


class KeysRequested(Contract):
    """A group asks at once for all the keys of a topic in which it misses something."""

    request_id: UUID
    group: Code
    topic: Code
    wanted: tuple[KeyWanted, ...]


class KeysAnswered(Contract):
    """The owner has sent what it has of these keys; of the `unknown` ones it has nothing of what was asked for."""

    request_id: UUID
    group: Code
    topic: Code
    sent: Integer
    unknown: tuple[UUID, ...] = ()


class TokenEnded(Contract):
    """The bearer of a token has signed out; `digest` is the keyed one of `shared/access/ended_tokens.py`."""

    digest: Code
    expires_at: Timestamp


ControlMessage: TypeAlias = ResendRequested | ResendAnswered | KeysRequested | KeysAnswered | TokenEnded

MESSAGES: Final[dict[str, type[ControlMessage]]] = {
    "id.score.resend.requested.v1": ResendRequested,
    "id.score.resend.answered.v1": ResendAnswered,
    "id.score.resend.keys_requested.v1": KeysRequested,
    "id.score.resend.keys_answered.v1": KeysAnswered,
    "id.score.access.token_ended.v1": TokenEnded,
}
KEYS: Final[dict[type[ControlMessage], str]] = {
    cls: "digest" if cls is TokenEnded else "group" for cls in MESSAGES.values()
}
_TYPES: Final = {cls: name for name, cls in MESSAGES.items()}


def control_record(message: ControlMessage, *, service: str, message_id: UUID, time: datetime) -> Record:
    key = _key_of(message)
    attributes = {
        "id": message_id,
        "type": _TYPES[type(message)],
        "source": f"/score/{service}",
        "dataschema": schema_uri(_TYPES[type(message)]),
        "time": time,
        "subject": key,
        "partitionkey": key,
    }
    return Record(key.encode(), cloud_headers(attributes, None), encode(message))


def control_from_record(key: bytes | None, headers: Headers, value: bytes | None) -> ControlMessage | None:
    """Read the message, or return None for a type that this release does not know; raises `Undecodable`."""
    attributes = Attributes(headers)
    cls = MESSAGES.get(attributes.word("type"))
    if cls is None:
        return None
    message: ControlMessage = decode(cls, body_of(value))
    if key != _key_of(message).encode():
        raise Undecodable(f"the body is of another {KEYS[cls]} than the key")
    return message


def _key_of(message: ControlMessage) -> str:
    return str(getattr(message, KEYS[type(message)]))
