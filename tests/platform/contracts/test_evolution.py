"""Inside a version: optional additions and growing vocabularies; every other change is named."""

import copy

import pytest

from shared.contracts import golden
from shared.contracts.events.finance import InvoiceIssued
from shared.contracts.wire.compatibility import breaks

NAME = "id.score.finance.invoice_issued.v1"


@pytest.fixture
def old():
    return golden.published_schema(NAME, InvoiceIssued)


@pytest.fixture
def new(old):
    return copy.deepcopy(old)


def test_the_same_breaks_nothing(old, new):
    assert breaks(old, new) == []


@pytest.mark.parametrize(
    "addition",
    [
        {"type": "string"},
        {"type": "array", "items": {"type": "integer"}, "default": []},
        {"type": "object", "properties": {}, "required": []},
    ],
)
def test_optional_additions_break_nothing(old, new, addition):
    new["properties"]["added"] = addition
    new["properties"]["net"]["properties"]["added"] = addition
    assert breaks(old, new) == []


def test_a_growing_vocabulary_breaks_nothing(old, new):
    new["properties"]["payer_kind"]["enum"].append("association")
    assert breaks(old, new) == []


def test_words_alone_break_nothing(old, new):
    new["description"] = "Another sentence."
    new["title"] = "Bill"
    assert breaks(old, new) == []


def remove(schema):
    del schema["properties"]["training_id"]


def remove_nested(schema):
    del schema["properties"]["net"]["properties"]["amount"]
    schema["properties"]["net"]["required"].remove("amount")


def require(schema):
    schema["required"].append("training_id")


def relax(schema):
    schema["required"].remove("payer_id")


def add_required(schema):
    schema["properties"]["added"] = {"type": "integer"}
    schema["required"].append("added")


def add_with_default(schema):
    schema["properties"]["added"] = {"type": "boolean", "default": False}


def retype(schema):
    schema["properties"]["round"] = {"type": "string"}


def reformat(schema):
    schema["properties"]["due_on"]["format"] = "date-time"


def tighten(schema):
    schema["properties"]["number"]["pattern"] = "^[0-9]+$"


def bound(schema):
    schema["properties"]["round"]["maximum"] = 9


def shrink(schema):
    schema["properties"]["payer_kind"]["enum"].remove("sponsor")


def close(schema):
    schema["properties"]["tranche"]["enum"] = ["classroom"]


def open_vocabulary(schema):
    del schema["properties"]["payer_kind"]["enum"]


def change_default(schema):
    schema["properties"]["net"]["properties"]["currency"]["default"] = "USD"


def rekey(schema):
    schema["x-key"] = "payer_id"


def move_topic(schema):
    schema["x-topic"] = "score.billing"


def rename(schema):
    schema["x-type"] = "id.score.finance.bill_issued.v1"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (remove, "training_id: removed"),
        (remove_nested, "net.amount: removed"),
        (require, "training_id: became required"),
        (relax, "payer_id: became optional"),
        (add_required, "added: added as required"),
        (add_with_default, "added: added with the default False"),
        (retype, "round: integer became string"),
        (reformat, "due_on: format changed from date to date-time"),
        (tighten, "number: pattern changed"),
        (bound, "round: maximum changed"),
        (shrink, "payer_kind: the vocabulary lost sponsor"),
        (close, "tranche: the vocabulary was closed"),
        (open_vocabulary, "payer_kind: the vocabulary was opened"),
        (change_default, "net.currency: the default changed from IDR to USD"),
        (rekey, "the key changed from invoice_id to payer_id"),
        (move_topic, "the topic changed"),
        (rename, "the type changed"),
    ],
)
def test_each_break_is_found_and_named(old, new, change, words):
    change(new)
    found = breaks(old, new)
    assert len(found) == 1
    assert words in found[0]


def test_a_break_inside_a_list_is_found():
    old = {
        "type": "object",
        "properties": {"days": {"type": "array", "items": {"type": "string", "format": "date"}}},
        "required": [],
    }
    new = copy.deepcopy(old)
    new["properties"]["days"]["items"] = {"type": "integer"}
    assert breaks(old, new) == ["days[]: string became integer"]


def test_a_default_that_is_dropped_is_found(old, new):
    del new["properties"]["net"]["properties"]["currency"]["default"]
    assert breaks(old, new)
