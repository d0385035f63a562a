"""The wire format of a contract class: bytes, marshmallow schema and JSON Schema 2020-12, all from one declaration.

`decode` raises only `Undecodable`, `encode` only `Unencodable`; both name the field and never repeat its value.
"""

from __future__ import annotations

from functools import cache
from typing import Any, Final, TypeVar

import marshmallow
import orjson
from marshmallow import fields

from shared.contracts.wire import codec, scalars
from shared.contracts.wire.scalars import Refused
from shared.contracts.wire.shape import (
    CODE_PATTERN,
    Choice,
    Composite,
    Field,
    Many,
    Scalar,
    ScalarKind,
    Shape,
    Undecodable,
    Unencodable,
    describe,
)

T = TypeVar("T")

_JSON: Final[dict[ScalarKind, dict[str, Any]]] = {
    "uuid": {"type": "string", "format": "uuid"},
    "int": {"type": "integer", "minimum": -scalars.LARGEST_INTEGER, "maximum": scalars.LARGEST_INTEGER},
    "bool": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
    "code": {"type": "string", "pattern": CODE_PATTERN},
    "text": {"type": "string", "minLength": 1, "maxLength": scalars.LONGEST_TEXT},
}
_FIELDS: Final[dict[ScalarKind, type[fields.Field[Any]]]] = {
    "uuid": fields.UUID,
    "int": fields.Integer,
    "bool": fields.Boolean,
    "date": fields.Date,
    "datetime": fields.AwareDateTime,
    "code": fields.String,
    "text": fields.String,
}


def encode(instance: object) -> bytes:
    """The body of a record: JSON, fields in the order of the class."""
    try:
        return orjson.dumps(codec.writer_of(type(instance))(instance))
    except Refused as refusal:
        raise Unencodable(f"{type(instance).__name__}.{refusal}") from None


def decode(cls: type[T], body: bytes) -> T:
    """An instance from a body; fields that the class does not know are skipped."""
    try:
        raw = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Undecodable("the body is not JSON") from None
    try:
        instance: T = codec.reader_of(cls)(raw)
    except Refused as refusal:
        raise Undecodable(f"{cls.__name__}: {refusal}") from None
    return instance


@cache
def schema_of(cls: type) -> marshmallow.Schema:
    """The marshmallow schema: the same values as `decode`, every wrong field named. For documentation and forms."""
    return _schema_class(describe(cls))(unknown=marshmallow.EXCLUDE)


@cache
def _schema_class(shape: Composite) -> type[marshmallow.Schema]:
    built = marshmallow.Schema.from_dict({field.name: _field(field) for field in shape.fields}, name=shape.cls.__name__)

    class Contract(built):  # type: ignore[misc,valid-type]
        @marshmallow.post_load
        def build(self, data: dict[str, Any], **_: Any) -> Any:
            return shape.cls(**{k: tuple(v) if isinstance(v, list) else v for k, v in data.items()})

        @marshmallow.post_dump
        def omit(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
            return {k: v for k, v in data.items() if v is not None}

    Contract.__name__ = shape.cls.__name__
    return Contract


def _field(field: Field) -> fields.Field[Any]:
    options: dict[str, Any] = {"required": field.required, "allow_none": field.optional}
    return _marshmallow(field.shape, options)


def _marshmallow(shape: Shape, options: dict[str, Any]) -> fields.Field[Any]:
    match shape:
        case Scalar(kind):
            return _exact(_FIELDS[kind], scalars.READERS[kind], scalars.WRITERS[kind])(**options)
        case Choice(words):
            choose = scalars.choice(words)
            # The validator is for the documentation; the reader has refused other words before it runs.
            return _exact(fields.String, choose, choose)(**options, validate=marshmallow.validate.OneOf(words))
        case Many(item):
            return fields.List(_marshmallow(item, {}), **options)
        case Composite():
            return fields.Nested(_schema_class(shape), unknown=marshmallow.EXCLUDE, **options)


def _exact(kind: type[fields.Field[Any]], read: scalars.Convert, write: scalars.Convert) -> type[fields.Field[Any]]:
    """marshmallow's own fields accept many spellings of a value; on the wire there is one."""

    def _deserialize(_self: Any, raw: Any, *_: Any, **__: Any) -> Any:
        try:
            return read(raw)
        except Refused as refusal:
            raise marshmallow.ValidationError(str(refusal)) from None

    def _serialize(_self: Any, value: Any, *_: Any, **__: Any) -> Any:
        return None if value is None else write(value)

    return type(kind.__name__, (kind,), {"_deserialize": _deserialize, "_serialize": _serialize})


def json_schema(cls: type) -> dict[str, Any]:
    """JSON Schema 2020-12 of the body. A publisher fulfils it; a reader must also bear fields it does not list."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": cls.__name__} | _json(describe(cls))


def _json(shape: Shape) -> dict[str, Any]:
    match shape:
        case Scalar(kind):
            return dict(_JSON[kind])
        case Choice(words):
            return {"type": "string", "enum": list(words)}
        case Many(item):
            return {"type": "array", "items": _json(item)}
        case Composite(cls, members):
            return {
                "description": (cls.__doc__ or "").partition("\n")[0],
                "type": "object",
                "properties": {field.name: _property(field) for field in members},
                "required": [field.name for field in members if field.required],
            }


def _property(field: Field) -> dict[str, Any]:
    if field.required or field.default is None:
        return _json(field.shape)
    default = list(field.default) if isinstance(field.default, tuple) else field.default
    return _json(field.shape) | {"default": default}
