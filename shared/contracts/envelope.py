"""The envelope of an event: CloudEvents 1.0 in Kafka's binary mode, JSON body.

`from_record` raises only `Undecodable`, so a consumer can park what it cannot read. The body is decoded on demand: a
reader that does not know the type still has id, key and sequence, and can move its cursor.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from shared.contracts.catalogue import class_for
from shared.contracts.event import Event, declaration_of, key_of
from shared.contracts.wire.codec import decode, encode
from shared.contracts.wire.record import Attributes, Headers, Record, body_of, cloud_headers, ordered, schema_uri
from shared.contracts.wire.shape import Undecodable

_DIGEST_BYTES: Final = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What is known of an event besides its content. `time` is when it was recorded; business dates are in the body."""

    id: UUID
    type: str
    source: str
    time: datetime
    key: UUID
    sequence: int
    traceparent: str | None = None
    correlation_id: UUID
    causation_id: UUID | None = None
    principal: UUID | None = None
    institution: UUID | None = None
    body: bytes

    @classmethod
    def around(
        cls,
        event: Event,
        *,
        id: UUID,  # noqa: A002 -- the name CloudEvents gives it
        time: datetime,
        sequence: int,
        correlation_id: UUID,
        causation_id: UUID | None = None,
        traceparent: str | None = None,
        principal: UUID | None = None,
        institution: UUID | None = None,
    ) -> Envelope:
        """Wrap an event; raises `Unencodable` if it breaks its contract."""
        declaration = declaration_of(type(event))
        return cls(
            id=id,
            type=declaration.type,
            source=declaration.owner.source,
            time=time,
            key=key_of(event),
            sequence=sequence,
            traceparent=traceparent,
            correlation_id=correlation_id,
            causation_id=causation_id,
            principal=principal,
            institution=institution,
            body=encode(event),
        )

    @classmethod
    def from_record(cls, key: bytes | None, headers: Headers, value: bytes | None) -> Envelope:
        attributes = Attributes(headers)
        return cls(
            id=attributes.id("id"),
            type=attributes.word("type"),
            source=attributes.word("source"),
            time=attributes.moment("time"),
            key=attributes.key(key),
            sequence=attributes.sequence(),
            traceparent=attributes.traceparent,
            correlation_id=attributes.id("correlationid"),
            causation_id=attributes.id_or_none("causationid"),
            principal=attributes.id_or_none("principal"),
            institution=attributes.id_or_none("institution"),
            body=body_of(value),
        )

    def headers(self) -> list[tuple[str, bytes]]:
        attributes = {
            "id": self.id,
            "type": self.type,
            "source": self.source,
            "dataschema": schema_uri(self.type),
            "time": self.time,
            "subject": self.key,
            "sequence": ordered(self.sequence),
            "partitionkey": self.key,
            "correlationid": self.correlation_id,
            "causationid": self.causation_id,
            "principal": self.principal,
            "institution": self.institution,
        }
        return cloud_headers(attributes, self.traceparent)

    def record(self) -> Record:
        return Record(str(self.key).encode(), self.headers(), self.body)

    def event(self) -> Event | None:
        """Read the content; None where this release does not know the type. Raises `Undecodable`."""
        cls = class_for(self.type)
        if cls is None:
            return None
        event = decode(cls, self.body)
        if key_of(event) != self.key:
            raise Undecodable(f"{cls.__name__}: the body is about another aggregate than the key")
        return event

    def digest(self) -> str:
        """Return a digest that is equal for the same content: the same sequence with another digest is a broken publisher."""
        return hashlib.sha256(self.type.encode() + b"\n" + self.body).digest()[:_DIGEST_BYTES].hex()
