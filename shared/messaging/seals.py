"""Seals what only processes of the platform may say on a topic: control messages, the epoch of a log, what answers a doubt.

Whoever may write to a topic could make owners send their history again, end the wait for an answer, raise an epoch so far
that no loss is noticed any more, or say in an owner's place which of two events is true. A seal is a digest by the key that
all services share (`shared/kernel/keys.py`), in a header of its own. What has none, or a wrong one, is as if it had not been
said.
"""

from __future__ import annotations

import hmac
from uuid import UUID

from shared.contracts.wire.record import ANSWERS_HEADER, Headers, Record, answers_of
from shared.kernel.keys import digest

SEAL_HEADER = "scoreseal"
ANSWER_SEAL_HEADER = "scoreanswerseal"  # a record has a seal of its epoch, too
OURS = "score"  # what headers are called that are put around a record on its way, and are none of its owner's words


def sealed(record: Record) -> Record:
    """Add the seal of a control message to its headers."""
    return record._replace(headers=[*record.headers, (SEAL_HEADER, _seal("control", _parts(record)))])


def is_sealed(record: Record) -> bool:
    """Say whether a process of the platform sent a control message, just as it is."""
    given = [value for name, value in record.headers if name == SEAL_HEADER]
    return len(given) == 1 and hmac.compare_digest(given[0], _seal("control", _parts(record)))


def seal_of_epoch(topic: str, epoch: int) -> bytes:
    """Return what the owner of a topic writes beside an epoch of its log."""
    return _seal("epoch", [topic.encode(), str(epoch).encode()])


def is_seal_of_epoch(given: bytes, topic: str, epoch: int) -> bool:
    return hmac.compare_digest(given, seal_of_epoch(topic, epoch))


def with_answer_seal(
    topic: str, key: bytes, value: bytes | None, headers: list[tuple[str, bytes]]
) -> list[tuple[str, bytes]]:
    """Add to the headers of a record which requests it answers, if any, the seal of their owner."""
    if all(name != ANSWERS_HEADER for name, _ in headers):
        return headers
    return [*headers, (ANSWER_SEAL_HEADER, _seal_of_answer(topic, key, value, headers))]


def requests_answered(topic: str, key: bytes | None, value: bytes | None, headers: Headers) -> frozenset[UUID]:
    """Return which requests the owner answers with a record, just as it is; none where somebody else says so.

    Raises `Undecodable` for what names no requests.
    """
    answers = answers_of(headers)
    given = [seal or b"" for name, seal in headers if name == ANSWER_SEAL_HEADER]
    if not answers or len(given) != 1:
        return frozenset()
    return answers if hmac.compare_digest(given[0], _seal_of_answer(topic, key or b"", value, headers)) else frozenset()


def _seal_of_answer(topic: str, key: bytes, value: bytes | None, headers: Headers) -> bytes:
    said = [part for name, text in headers if not name.startswith(OURS) for part in (name.encode(), text or b"")]
    return _seal("answer", [topic.encode(), key, value or b"", *said])


def _parts(record: Record) -> list[bytes]:
    headers = [part for name, value in _unsealed(record.headers) for part in (name.encode(), value)]
    return [record.key, record.value or b"", *headers]


def _unsealed(headers: Headers) -> list[tuple[str, bytes]]:
    return [(name, value or b"") for name, value in headers if name != SEAL_HEADER]


def _seal(what: str, parts: list[bytes]) -> bytes:
    """Digest parts with their lengths, so that none can end in the next one."""
    return digest(f"seal of {what}", b"".join(len(part).to_bytes(4) + part for part in parts)).hex().encode()
