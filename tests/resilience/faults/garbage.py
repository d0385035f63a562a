"""Records that no relay of the platform would send, drawn from a seed: every way in which one can be wrong, many times.

`Stranger`s have no envelope that could be read, so no place in any key's history: each group keeps them under their offset.
`Misfit`s have one, and something behind it that a group cannot apply: whoever acts on the type keeps them under their key
and sequence, all others pass over them. Imports nothing of the platform.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle, islice
from random import Random
from typing import Any

Header = tuple[str, bytes]
REGISTERED = "id.score.enrollment.enterprise_registered.v1"
REQUIRED = (
    "ce_specversion", "ce_id", "ce_type", "ce_source", "ce_time", "ce_subject", "ce_sequence", "ce_partitionkey",
    "ce_correlationid", "content-type",
)  # fmt: skip
NO_ID = (b"not-an-id", b"018F4E2C-7A10-7B3C-9D21-0A1B2C3D4E5F", b"{018f4e2c-7a10-7b3c-9d21-0a1b2c3d4e5f}", b"018f4e2c")
MISSPELT: dict[str, Sequence[bytes]] = {
    "ce_specversion": (b"0.3", b"1", b"2.0"),
    "ce_id": NO_ID,
    "ce_type": (b"two words", "pendaftaran-\u00e9".encode(), b"id.score\x00", b"x" * 300),
    "ce_source": (b" ", b"/score/\nenrollment"),
    "ce_time": (b"yesterday", b"2026-02-30T00:00:00Z", b"2026-11-25T01:00:00+07:00", b"1764032400"),
    "ce_subject": NO_ID,
    "ce_sequence": (b"0", b"-1", b"1.5", b"01", b"1e3", b"9" * 17, "\u0661".encode()),
    "ce_correlationid": NO_ID,
    "ce_causationid": NO_ID,
    "ce_principal": NO_ID,
    "ce_institution": NO_ID,
    "content-type": (b"text/plain", b"application/cloudevents+json", b"json"),
}
TOO_LONG = (513, 5_000, 60_000)
TOO_MANY = (65, 1_000)
DEEP = (1_500, 50_000)
LONG_TEXT = 200_000


@dataclass(frozen=True, slots=True)
class Stranger:
    """`what` says how it is wrong; the rest is what a producer sends."""

    what: str
    key: bytes | None
    value: bytes | None
    headers: list[Header]


@dataclass(frozen=True, slots=True)
class Misfit:
    what: str
    key: str
    value: bytes
    headers: list[Header]


def headers_of(key: str, kind: str, sequence: int) -> list[Header]:
    """What a relay of the platform would write."""
    said = {
        "ce_specversion": "1.0", "ce_id": str(uuid.uuid4()), "ce_type": kind, "ce_source": "/score/enrollment",
        "ce_time": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"), "ce_subject": key, "ce_sequence": str(sequence),
        "ce_partitionkey": key, "ce_correlationid": str(uuid.uuid4()), "content-type": "application/json",
    }  # fmt: skip
    return [(name, value.encode()) for name, value in said.items()]


def registered(key: str, **more: Any) -> bytes:
    """A body of the type that the records say they have."""
    return json.dumps({**_body(key), **more}).encode()


def _body(key: str) -> dict[str, Any]:
    return {
        "enterprise_id": key, "province": "ID-YO", "sector": "metal", "headcount": {"women": 3, "men": 2},
        "provider_id": str(uuid.uuid4()), "delivery_mode": "direct",
    }  # fmt: skip


def strangers(random: Random, many: int) -> list[Stranger]:
    """Each way of being unreadable in turn, the choices within it drawn."""
    return list(islice((make(random) for make in cycle(_WAYS_OF_A_STRANGER)), many))


def with_a_long_id(random: Random) -> Stranger:
    """A group that stands behind it cannot remember what it read last."""
    key, headers = _well(random)
    return Stranger(
        "an id that is too long", key.encode(), registered(key), _with(headers, "ce_id", b"a" * TOO_LONG[0])
    )


def misfits(random: Random, many: int) -> list[Misfit]:
    """Each way of being unfit in turn, the choices within it drawn."""
    made = []
    for what, body in islice(cycle(_ways_of_a_misfit()), many):
        key = str(uuid.UUID(int=random.getrandbits(128), version=4))
        kind = REGISTERED if body else REGISTERED.replace(".v1", f".v{random.randint(2, 99)}")
        value = body(random, key) if body else registered(key)
        made.append(Misfit(what, key, value, headers_of(key, kind, 1)))
    return made


def _well(random: Random) -> tuple[str, list[Header]]:
    key = str(uuid.UUID(int=random.getrandbits(128), version=4))
    return key, headers_of(key, REGISTERED, 1)


def _changed(what: str, change: Callable[[Random, list[Header]], list[Header]]) -> Callable[[Random], Stranger]:
    def make(random: Random) -> Stranger:
        key, headers = _well(random)
        return Stranger(what, key.encode(), registered(key), change(random, headers))

    return make


def _with(headers: list[Header], name: str, value: bytes) -> list[Header]:
    return [(known, old) for known, old in headers if known != name] + [(name, value)]


def _noise(random: Random) -> bytes:
    return b"\xff" + random.randbytes(random.randint(0, 300))


def _missing(random: Random, headers: list[Header]) -> list[Header]:
    gone = random.choice(REQUIRED)
    return [header for header in headers if header[0] != gone]


def _doubled(random: Random, headers: list[Header]) -> list[Header]:
    return [*headers, random.choice(headers)]


def _long(random: Random, headers: list[Header]) -> list[Header]:
    return _with(headers, random.choice(REQUIRED), b"a" * random.choice(TOO_LONG))


def _no_utf8(random: Random, headers: list[Header]) -> list[Header]:
    return _with(headers, random.choice(REQUIRED), _noise(random))


def _empty(random: Random, headers: list[Header]) -> list[Header]:
    return _with(headers, random.choice(REQUIRED), b"")


def _misspelt(random: Random, headers: list[Header]) -> list[Header]:
    name = random.choice(list(MISSPELT))
    return _with(headers, name, random.choice(MISSPELT[name]))


def _crowded(random: Random, headers: list[Header]) -> list[Header]:
    return [*headers, *((f"x-{number}", b"x") for number in range(random.choice(TOO_MANY)))]


def _of_another_key(random: Random, headers: list[Header]) -> list[Header]:
    return _with(headers, random.choice(("ce_subject", "ce_partitionkey")), str(uuid.uuid4()).encode())


def _bytes_alone(random: Random) -> Stranger:
    return Stranger("bytes without key and headers", None, _noise(random), [])


def _keyed_bytes(random: Random) -> Stranger:
    return Stranger("bytes under a key of bytes", _noise(random)[:20], _noise(random), [])


def _foreign_headers(random: Random) -> Stranger:
    return Stranger("headers of another system", b"7", b"{}", [("trace", _noise(random)), ("", b""), ("ce_id", b"1")])


def _no_key(random: Random) -> Stranger:
    key, headers = _well(random)
    return Stranger("no key", None, registered(key), headers)


def _other_key(random: Random) -> Stranger:
    key, headers = _well(random)
    return Stranger("a key of bytes", _noise(random), registered(key), headers)


def _no_value(random: Random) -> Stranger:
    key, headers = _well(random)
    return Stranger("no value", key.encode(), None, headers)


_WAYS_OF_A_STRANGER: tuple[Callable[[Random], Stranger], ...] = (
    _bytes_alone,
    _keyed_bytes,
    _foreign_headers,
    _no_key,
    _other_key,
    _no_value,
    _changed("a header is missing", _missing),
    _changed("a header is given twice", _doubled),
    _changed("a header is too long", _long),
    _changed("a header is not UTF-8", _no_utf8),
    _changed("a header is empty", _empty),
    _changed("a header is misspelt", _misspelt),
    _changed("too many headers", _crowded),
    _changed("subject and key differ", _of_another_key),
)

Body = Callable[[Random, str], bytes]
NO_WORD = (None, 7, "", "a b", [], {}, "x" * 65, True)
NO_UUID = (None, 7, "x", [], "018F4E2C-7A10-7B3C-9D21-0A1B2C3D4E5F")
NO_HEADCOUNT = (
    None, [], 3, {}, {"women": 3}, {"women": "3", "men": 2}, {"women": 1.5, "men": 2}, {"women": True, "men": 2},
    {"women": 2**60, "men": 2}, {"women": None, "men": 2},
)  # fmt: skip
UNFIT: dict[str, Sequence[Any]] = {
    "enterprise_id": NO_UUID, "province": NO_WORD, "sector": NO_WORD, "headcount": NO_HEADCOUNT, "provider_id": NO_UUID,
    "delivery_mode": (None, 1, "by_post", ["direct"]),
}  # fmt: skip
NO_OBJECT = (b"", b"null", b"true", b"[]", b"17", b'"x"', b"{}", b"\xef\xbb\xbf{}")


def _wrong_type(random: Random, key: str) -> bytes:
    field = random.choice(list(UNFIT))
    return registered(key, **{field: random.choice(UNFIT[field])})


def _missing_field(random: Random, key: str) -> bytes:
    body = _body(key)
    del body[random.choice(list(body))]
    return json.dumps(body).encode()


def _no_json(random: Random, key: str) -> bytes:
    whole = registered(key)
    cut = whole[: random.randint(1, len(whole) - 2)]
    return random.choice(
        (_noise(random), cut, whole + b"}", whole.decode().encode("utf-16"), whole[:-1] + b', "a": NaN}')
    )


def _lone_surrogate(random: Random, key: str) -> bytes:
    return registered(key).replace(b"ID-YO", random.choice((b"\\ud800", b"\xed\xa0\x80", b"\\u12")))


def _deep(random: Random, key: str) -> bytes:
    depth = random.choice(DEEP)
    nested = random.choice((b"[" * depth + b"]" * depth, b'{"a":' * depth + b"1" + b"}" * depth))
    return random.choice((nested, registered(key)[:-1] + b', "later": ' + nested + b"}"))


def _ways_of_a_misfit() -> Iterator[tuple[str, Body | None]]:
    """Without a body: another major version."""
    yield "a value of the wrong type", _wrong_type
    yield "a field is missing", _missing_field
    yield "no JSON", _no_json
    yield "no object", lambda random, _: random.choice(NO_OBJECT)
    yield "a broken character", _lone_surrogate
    yield "deep", _deep
    yield "long text", lambda _, key: registered(key, province="x" * LONG_TEXT)
    yield "about another aggregate", lambda _, __: registered(str(uuid.uuid4()))
    yield "a newer major version", None
