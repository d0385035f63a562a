"""Hypothesis strategies for every contract class, read from the same declarations as the wire format."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st
from msgspec.inspect import (
    BoolType,
    DateTimeType,
    DateType,
    IntType,
    LiteralType,
    StrType,
    StructType,
    UUIDType,
    VarTupleType,
)

from shared.contracts.wire.shape import CODE_PATTERN, LARGEST_INTEGER, bare, fields_of

moments = st.datetimes(min_value=datetime(1970, 1, 2), max_value=datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
milliseconds = moments.map(lambda moment: moment - timedelta(microseconds=moment.microsecond % 1000))
codes = st.from_regex(CODE_PATTERN.partition("$")[0], fullmatch=True)
texts = st.text(st.characters(exclude_categories=("C", "Zl", "Zp")), min_size=1, max_size=254)

_SCALARS = {
    UUIDType: st.uuids(),
    IntType: st.integers(-LARGEST_INTEGER, LARGEST_INTEGER),
    BoolType: st.booleans(),
    DateType: st.dates(min_value=date(1, 1, 1)),
    DateTimeType: moments,
}


def instances(cls):
    return st.builds(cls, **{field.name: _of(field.type) for field in fields_of(cls)})


def _of(declared):
    kind, optional = bare(declared)
    return st.none() | _present(kind) if optional else _present(kind)


def _present(kind):
    match kind:
        case StrType(pattern=pattern):
            return codes if pattern == CODE_PATTERN else texts
        case LiteralType(values=words):
            return st.sampled_from(words)
        case VarTupleType(item_type=item):
            return st.lists(_of(item), max_size=3).map(tuple)
        case StructType(cls=cls):
            return instances(cls)
    return _SCALARS[type(kind)]
