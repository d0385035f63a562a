"""What can go wrong, named by situation; the same classes serve commands, storage, the API and the pages.

A `Problem` is an answer, not a crash: it says what is wrong and where, in words a caller may read. The HTTP boundary
turns it into `application/problem+json` (`shared.web.problems`), a page into a message beside the field. Words may be
one text or a text per language, `{"id": ..., "en": ...}`; titles and the texts of common codes are in
`shared.web.wording`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Words = str | Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a request: a stable code, and where (one of pointer, parameter, header)."""

    code: str
    detail: Words | None = None
    pointer: str | None = None
    parameter: str | None = None
    header: str | None = None
    values: Mapping[str, Any] | None = None


class Problem(Exception):
    """An answer other than the one asked for. `members` are added to the problem document as they are."""

    type_name: str = "internal-error"
    status: int = 500

    def __init__(
        self,
        detail: Words | None = None,
        *,
        errors: Iterable[Fault] = (),
        headers: Mapping[str, str] | None = None,
        members: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(detail if isinstance(detail, str) else (detail or {}).get("en", self.type_name))
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = dict(headers or {})
        self.members = dict(members or {})


class Malformed(Problem):
    """The request cannot be read: broken JSON, a bad query parameter, a header that is not what it should be."""

    type_name = "malformed-request"
    status = 400


class IdempotencyKeyMissing(Problem):
    """The operation needs an `Idempotency-Key`, since no natural key would catch a repeat."""

    type_name = "idempotency-key-missing"
    status = 400

    def __init__(self) -> None:
        super().__init__(errors=[Fault("required", header="Idempotency-Key")])


class Unauthenticated(Problem):
    """No token, or none that counts. The answer never says which."""

    type_name = "unauthenticated"
    status = 401

    def __init__(self, reason: str = "") -> None:
        super().__init__(headers={"WWW-Authenticate": 'Bearer realm="score"'})
        self.reason = reason


class Forbidden(Problem):
    """The caller is known and may not do this."""

    type_name = "forbidden"
    status = 403


class NotFound(Problem):
    """No such object for this caller. The arguments are for logs: an unknown and a foreign object answer alike."""

    type_name = "not-found"
    status = 404

    def __init__(self, kind: str = "", object_id: object = None) -> None:
        super().__init__()
        self.kind = kind
        self.object_id = object_id


class NotAllowedNow(Problem):
    """The object's lifecycle does not allow this step in its present state."""

    type_name = "not-allowed-now"
    status = 409

    def __init__(
        self,
        detail: Words | None = None,
        *,
        verb: str | None = None,
        state: str | None = None,
        allowed_from: Sequence[str] | None = None,
    ) -> None:
        said = {"verb": verb, "state": state, "allowed_from": list(allowed_from) if allowed_from else None}
        super().__init__(detail, members={name: value for name, value in said.items() if value is not None})


class Conflict(Problem):
    """Somebody else holds or has already taken what was asked for."""

    type_name = "conflict"
    status = 409


class StillRunning(Conflict):
    """The same request is being carried out at this moment; ask again shortly."""

    type_name = "still-running"

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "1"})


class GateClosed(Problem):
    """A fact of another service has not arrived here yet. `missing` names its type; asking again is right."""

    type_name = "gate-closed"
    status = 409

    def __init__(self, missing: str, detail: Words | None = None) -> None:
        super().__init__(detail, headers={"Retry-After": "2"}, members={"missing": missing})
        self.missing = missing


class StaleVersion(Problem):
    """The object changed since the caller read it. The arguments are for logs."""

    type_name = "stale-version"
    status = 412

    def __init__(self, kind: str = "", object_id: object = None, expected: int | None = None) -> None:
        super().__init__(errors=[Fault("stale", header="If-Match")])
        self.kind = kind
        self.object_id = object_id
        self.expected = expected


class BodyTooLarge(Problem):
    """More bytes than the operation takes."""

    type_name = "body-too-large"
    status = 413


class UnsupportedMediaType(Problem):
    """The body is in a format that the operation does not read."""

    type_name = "unsupported-media-type"
    status = 415

    def __init__(self, expected: str) -> None:
        super().__init__(errors=[Fault("media-type", header="Content-Type", values={"expected": expected})])


class Invalid(Problem):
    """A value breaks a rule: `Invalid("/days/0", "date-in-past")`, or several faults at once with `errors`."""

    type_name = "invalid"
    status = 422

    def __init__(
        self,
        pointer: str | None = None,
        code: str = "invalid",
        detail: Words | None = None,
        *,
        errors: Iterable[Fault] = (),
    ) -> None:
        own = [] if pointer is None else [Fault(code, detail, pointer=pointer)]
        super().__init__(errors=[*own, *errors])


class IdempotencyKeyReused(Problem):
    """The key already stands for another request."""

    type_name = "idempotency-key-reused"
    status = 422

    def __init__(self) -> None:
        super().__init__(errors=[Fault("reused", header="Idempotency-Key")])


class PreconditionRequired(Problem):
    """The change needs `If-Match` with the version that the caller has seen."""

    type_name = "precondition-required"
    status = 428

    def __init__(self) -> None:
        super().__init__(errors=[Fault("required", header="If-Match")])


class TooManyRequests(Problem):
    """The institution asked more often than it may."""

    type_name = "too-many-requests"
    status = 429

    def __init__(self, retry_after: int) -> None:
        super().__init__(headers={"Retry-After": str(retry_after)})


class Unavailable(Problem):
    """Something this service needs does not answer; nothing was changed, or the repeat will find out."""

    type_name = "unavailable"
    status = 503

    def __init__(self, what: str = "", *, retry_after: int = 2) -> None:
        super().__init__(headers={"Retry-After": str(retry_after)})
        self.what = what
