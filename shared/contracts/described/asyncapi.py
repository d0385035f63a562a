"""Describes all topics as an AsyncAPI 3 document: who says what there, with headers, key, schema and an example each.

It follows from the declarations alone, so that every service serves the same one. Who hears what is no part of it: that is
the hearers' own business, and on the page of events.
"""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

import orjson

from shared.contracts import samples
from shared.contracts.catalogue import COMPACTED, all_events
from shared.contracts.control import CONTROL_TOPIC, KEYS, MESSAGES
from shared.contracts.event import declaration_of, owner_of
from shared.contracts.golden import contracts, published_schema
from shared.contracts.wire.codec import encode
from shared.contracts.wire.compacted import Entry
from shared.contracts.wire.record import ANSWERS_HEADER
from shared.contracts.wire.shape import Contract
from shared.kernel.settings.broker import BrokerSettings

ANY: Final = "<service>"
_SERVER: Final = {
    "host": "{brokers}",
    "protocol": "kafka",
    "description": "The broker of the platform: of `score up` by default, of another installation as its operator says",
    "variables": {"brokers": {"default": BrokerSettings.kafka, "description": "Bootstrap addresses, comma separated"}},
}
_TEXT: Final = {"type": "string"}
_ID: Final = {"type": "string", "format": "uuid"}
_ALWAYS: Final[dict[str, dict[str, Any]]] = {
    "ce_specversion": {"type": "string", "const": "1.0"},
    "ce_id": _ID,
    "ce_type": _TEXT,
    "ce_source": {"type": "string", "format": "uri-reference"},
    "ce_time": {"type": "string", "format": "date-time", "description": "When it was recorded; days are in the body"},
    "ce_subject": {**_TEXT, "description": "What it is about; the record's key"},
    "ce_partitionkey": {**_TEXT, "description": "The same"},
    "content-type": {"type": "string", "const": "application/json"},
}
_ANSWERS: Final = {"type": "string", "description": "The requests that it answers, by commas"}
_SEQUENCE: Final = {"type": "string", "pattern": "^[0-9]{16}$"}
_SOMETIMES: Final[dict[str, dict[str, Any]]] = {
    "ce_dataschema": {
        "type": "string",
        "format": "uri",
        "description": "The `$id` of its schema; absent from an erasure",
    },
    "traceparent": {"type": "string", "description": "W3C Trace Context"},
    "scoreepoch": {"type": "string", "description": "How often the topic's log was sent again after a loss"},
}
_OF_EVENTS: Final[dict[str, dict[str, Any]]] = {
    "ce_correlationid": {**_ID, "description": "The story that it belongs to"},
    "ce_causationid": {**_ID, "description": "What it follows from"},
    "ce_principal": {**_ID, "description": "Who acted, under a number of our own"},
    "ce_institution": {**_ID, "description": "For which institution"},
}


def asyncapi(version: str) -> dict[str, Any]:
    """Return the document of this release."""
    found = contracts()
    channels: dict[str, Any] = {}
    operations: dict[str, Any] = {}
    for topic, (title, owner, names) in _topics().items():
        messages = {name: {"$ref": f"#/components/messages/{name}"} for name in names}
        channels[topic] = {"address": topic, "title": title, "messages": messages, "bindings": {"kafka": _topic(topic)}}
        operations[f"{owner}.{topic}"] = {
            "action": "send",
            "summary": f"{owner} says" if owner != ANY else "every service says",
            "channel": {"$ref": f"#/channels/{topic}"},
            "messages": [{"$ref": f"#/channels/{topic}/messages/{name}"} for name in names],
        }
    return {
        "asyncapi": "3.0.0",
        "id": "urn:score",
        "info": {
            "title": "SCORE events",
            "version": version,
            "description": "What the services say to each other on Kafka, in CloudEvents 1.0, binary mode. Within a version of a"
            " type only optional fields are added. Whoever listens reads past fields, headers and types that it does not know.",
        },
        "servers": {"kafka": _SERVER},
        "defaultContentType": "application/json",
        "channels": channels,
        "operations": operations,
        "components": {"messages": {name: _message(name, cls) for name, cls in found.items()}},
    }


def schema_document(name: str) -> dict[str, Any] | None:
    """Return the published schema of a type; None where there is no such type."""
    cls = contracts().get(name)
    return None if cls is None else published_schema(name, cls)


def _topics() -> dict[str, tuple[str, str, list[str]]]:
    """Return each topic with its title, who writes it, and the types that travel there."""
    events: dict[str, list[str]] = defaultdict(list)
    for event in all_events():
        events[owner_of(event).name].append(declaration_of(event).type)
    topics = {f"score.{owner}": (f"Events of {owner}", owner, names) for owner, names in sorted(events.items())}
    for kind in COMPACTED:
        for owner in sorted(kind.owners):
            topics[kind.of(owner)] = (f"Entries of {owner}, by key the newest", owner, sorted(kind.entries))
    topics[CONTROL_TOPIC] = ("Requests for history, and their answers", ANY, sorted(MESSAGES))
    return topics


def _topic(topic: str) -> dict[str, Any]:
    compacted = any(topic.startswith(kind.prefix) for kind in COMPACTED)
    return {"topic": topic, "topicConfiguration": {"cleanup.policy": ["compact" if compacted else "delete"]}}


def _message(name: str, cls: type[Contract]) -> dict[str, Any]:
    schema = published_schema(name, cls)
    schema.pop("$schema")  # every keyword in it means the same in draft 7, which is what AsyncAPI reads
    return {
        "name": name,
        "title": cls.__name__,
        "summary": (cls.__doc__ or "").splitlines()[0],
        "contentType": "application/json",
        "headers": _headers(name, cls),
        "payload": schema,
        "bindings": {"kafka": {"key": {"type": "string", "description": f"The body's `{_key(name, cls)}`"}}},
        "examples": [{"payload": orjson.loads(encode(samples.sample(cls)))}],
    }


def _headers(name: str, cls: type[Contract]) -> dict[str, Any]:
    always, sometimes = dict(_ALWAYS), dict(_SOMETIMES)
    always["ce_type"] = {"type": "string", "const": name}
    if name not in MESSAGES:
        always["ce_sequence"] = _SEQUENCE
        sometimes[ANSWERS_HEADER] = _ANSWERS
        sometimes |= {} if issubclass(cls, Entry) else _OF_EVENTS
    return {"type": "object", "properties": always | sometimes, "required": sorted(always)}


def _key(name: str, cls: type[Contract]) -> str:
    if issubclass(cls, Entry):
        return cls.KEY
    return KEYS[MESSAGES[name]] if name in MESSAGES else declaration_of(cls).key
