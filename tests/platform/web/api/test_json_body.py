"""Bodies, fields, cursors, cells and words, without a server."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain.errors import Invalid
from shared.kernel.errors import Problem
from shared.web.api import json_body
from shared.web.errors import Malformed

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0")),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.from_regex(r"\A[a-z_]{1,8}\Z"), inner, max_size=5),
    max_leaves=20,
)  # fmt: skip


@settings(max_examples=60)
@given(PLAIN)
def test_ordinary_json_is_read_as_it_is(document: Any) -> None:
    assert json_body.parsed(json.dumps(document).encode()) == document


@given(st.binary(max_size=300) | st.text(alphabet='[]{}":,0123456789eE+-.ntrufalse\\', max_size=60).map(str.encode))
def test_anything_else_is_a_problem(data: bytes) -> None:
    refused = None
    try:
        json_body.parsed(data)
    except Problem as problem:
        refused = problem
    assert refused is None or (refused.status in (400, 422) and refused.errors)


@pytest.mark.parametrize("text", [r"a\u0000b", r"\ud800", r"a\udfff"])
def test_texts_that_no_store_takes_never_reach_a_schema(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        json_body.parsed(f'{{"days": [{{"name": "{text}"}}]}}'.encode())
    assert refused.value.errors[0].pointer == "/days/0/name"


def test_the_limits_are_the_last_allowed_values() -> None:
    deepest = b"[" * json_body.MAX_DEPTH + b"]" * json_body.MAX_DEPTH
    assert json_body.parsed(deepest)
    with pytest.raises(Malformed):
        json_body.parsed(b"[" + deepest + b"]")
    assert (
        len(json_body.parsed(json.dumps({f"f{n}": n for n in range(json_body.MAX_KEYS)}).encode()))
        == json_body.MAX_KEYS
    )
    assert len(json_body.parsed(json.dumps([0] * json_body.MAX_ITEMS).encode())) == json_body.MAX_ITEMS
