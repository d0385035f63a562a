"""Whatever a schema refuses it says by a code with a text of ours, never in a sentence of the library."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from marshmallow import Schema, fields

from shared.i18n.fault_messages import FAULTS
from shared.kernel.errors import Fault
from shared.web import schema as ours
from shared.web.pages.declare import Pages
from tests.support.declared_operations import OPERATIONS, SERVICES


def taken() -> Iterator[tuple[str, type[Schema]]]:
    """Every schema of a body, a query or a form."""
    for service, route in OPERATIONS:
        query = route.listing.schema if route.listing else route.query
        yield from ((f"{service.name}-{route.operation}", shape) for shape in (route.body, query) if shape)
    for service in SERVICES.values():
        for page in Pages.joined(service.pages):
            if page.body is not None:
                yield f"{service.name}-{page.name}-form", page.body


def all_fields(schema: Schema) -> Iterator[fields.Field[Any]]:
    for field in schema.load_fields.values():
        yield from _within(field)


def _within(field: fields.Field[Any]) -> Iterator[fields.Field[Any]]:
    yield field
    if isinstance(field, fields.List):
        yield from _within(field.inner)
    elif isinstance(field, fields.Nested):
        assert isinstance(field.schema, ours.Schema)
        yield from all_fields(field.schema)


@pytest.mark.parametrize("shape", [pytest.param(shape, id=name) for name, shape in taken()])
def test_a_schema_speaks_in_codes(shape: type[Schema]) -> None:
    assert issubclass(shape, ours.Schema)
    for field in all_fields(shape()):
        for faults in field.error_messages.values():
            assert all(isinstance(fault, Fault) and fault.code in FAULTS for fault in faults)
        for check in field.validators:
            assert type(check).__module__ == ours.__name__, f"{field.name}: {check}"
