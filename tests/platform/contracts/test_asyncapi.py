"""The AsyncAPI document of all topics is valid by the official schema, says what is published, and stands in `docs/`."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import orjson
import pytest
from jsonschema import Draft7Validator, FormatChecker

from shared.contracts import golden
from shared.contracts.described.asyncapi import asyncapi
from shared.contracts.envelope import Envelope
from shared.kernel.service import ROOT, declared, version
from shared.kernel.settings.broker import BrokerSettings

OFFICIAL = Path(__file__).parents[2] / "support" / "vendor" / "asyncapi-3.0.0.schema.json"
DOCUMENT = asyncapi(version())


@pytest.fixture(scope="module")
def official() -> Draft7Validator:
    return Draft7Validator(json.loads(OFFICIAL.read_text(encoding="utf-8")))


def test_the_document_is_valid(official: Draft7Validator) -> None:
    assert [fault.message for fault in official.iter_errors(DOCUMENT)] == []


def test_it_says_where_the_broker_is() -> None:
    (server,) = DOCUMENT["servers"].values()
    assert (server["protocol"], server["variables"]["brokers"]["default"]) == ("kafka", BrokerSettings.kafka)


@pytest.mark.parametrize("place", ["asyncapi", "info", "channels"])
def test_the_official_schema_says_so_where_it_is_not(official: Draft7Validator, place: str) -> None:
    broken: dict[str, Any] = copy.deepcopy(DOCUMENT)
    broken[place] = 7
    assert list(official.iter_errors(broken))


def test_every_reference_leads_somewhere() -> None:
    for reference in references(DOCUMENT):
        found: Any = DOCUMENT
        for part in reference.removeprefix("#/").split("/"):
            found = found[part]


def references(node: Any) -> list[str]:
    if isinstance(node, dict):
        return [node["$ref"]] if "$ref" in node else [found for inner in node.values() for found in references(inner)]
    return [found for inner in node for found in references(inner)] if isinstance(node, list) else []


def test_every_type_stands_on_its_topic_and_every_service_with_events_says_some() -> None:
    assert DOCUMENT["components"]["messages"].keys() == golden.contracts().keys()
    told = {name for channel in DOCUMENT["channels"].values() for name in channel["messages"]}
    assert told == golden.contracts().keys()
    assert {service.event_topic for service in declared()} <= DOCUMENT["channels"].keys()


@pytest.mark.parametrize("name", sorted(golden.contracts()))
def test_what_is_published_is_what_the_document_says(name: str) -> None:
    message = DOCUMENT["components"]["messages"][name]
    said = [orjson.loads(golden.golden_body(name)), *(example["payload"] for example in message["examples"])]
    checks = Draft7Validator(message["payload"], format_checker=FormatChecker())
    for body in said:
        assert [fault.message for fault in checks.iter_errors(body)] == []


def test_the_headers_of_a_record_are_those_that_the_document_says() -> None:
    name = "id.score.enrollment.module_completed.v1"
    moment = "2026-11-24T07:30:00.005Z"
    body = golden.golden_body(name)
    key = orjson.loads(body)["journey_id"]
    ids = {part: f"00000000-0000-0000-0000-00000000000{number}" for number, part in enumerate(("id", "correlationid"))}
    given = {
        "specversion": "1.0", "type": name, "source": "/score/enrollment", "time": moment, "subject": key,
        "partitionkey": key, "sequence": "1", **ids,
    }  # fmt: skip
    headers = [(f"ce_{part}", value.encode()) for part, value in given.items()]
    record = Envelope.from_record(key.encode(), [*headers, ("content-type", b"application/json")], body).record()
    told = DOCUMENT["components"]["messages"][name]["headers"]
    written = {part: value.decode() for part, value in record.headers}
    assert [fault.message for fault in Draft7Validator(told).iter_errors(written)] == []
    assert written.keys() <= told["properties"].keys()


def test_the_document_in_docs_is_this_one() -> None:
    assert orjson.loads((ROOT / "docs" / "asyncapi.json").read_bytes()) == DOCUMENT
