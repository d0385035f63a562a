"""Hypothesis strategies for every contract class, read from the same shapes as the wire format."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import strategies as st

from shared.contracts.wire.scalars import LARGEST_INTEGER
from shared.contracts.wire.shape import CODE_PATTERN, Choice, Composite, Many, Scalar, describe

moments = st.datetimes(min_value=datetime(1970, 1, 2), max_value=datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
milliseconds = moments.map(lambda moment: moment - timedelta(microseconds=moment.microsecond % 1000))
codes = st.from_regex(CODE_PATTERN.replace("$", r"\Z"))

_SCALARS = {
    "uuid": st.uuids(),
    "int": st.integers(-LARGEST_INTEGER, LARGEST_INTEGER),
    "bool": st.booleans(),
    "date": st.dates(min_value=date(1, 1, 1)),
    "datetime": moments,
    "code": codes,
    "text": st.text(st.characters(exclude_categories=("C", "Zl", "Zp")), min_size=1, max_size=254),
}


def instances(cls):
    return _of(describe(cls))


def _of(shape):
    match shape:
        case Scalar(kind):
            return _SCALARS[kind]
        case Choice(words):
            return st.sampled_from(words)
        case Many(item):
            return st.lists(_of(item), max_size=3).map(tuple)
        case Composite(cls, fields):
            return st.builds(cls, **{field.name: _field(field) for field in fields})


def _field(field):
    return st.none() | _of(field.shape) if field.optional else _of(field.shape)
