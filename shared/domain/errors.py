"""The refusals of models and commands, named by situation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, TypedDict

from shared.kernel.errors import Fault, Problem
from shared.kernel.message import Message


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


class RefusedStep(TypedDict, total=False):
    verb: str
    state: str
    allowed_from: list[str]


class NotAllowedNow(Problem):
    """The object's lifecycle does not allow this step in its present state."""

    type_name = "not-allowed-now"
    status = 409
    declared_members: ClassVar[type[Any]] = RefusedStep

    def __init__(
        self,
        detail: Message | None = None,
        *,
        verb: str | None = None,
        state: str | None = None,
        allowed_from: Sequence[str] | None = None,
        members: Mapping[str, Any] | None = None,
    ) -> None:
        step = {"verb": verb, "state": state, "allowed_from": list(allowed_from) if allowed_from else None}
        known = {name: value for name, value in step.items() if value is not None}
        super().__init__(detail, members=known | dict(members or {}))


class Conflict(Problem):
    """Somebody else holds or has already taken what was asked for."""

    type_name = "conflict"
    status = 409


class WhatIsMissing(TypedDict):
    missing: list[str]


class GateClosed(Problem):
    """An event of another service has not arrived here yet. `missing` names its type; asking again is right."""

    type_name = "gate-closed"
    status = 409
    declared_members = WhatIsMissing

    def __init__(self, missing: str, detail: Message | None = None, *, errors: Iterable[Fault] = ()) -> None:
        super().__init__(detail, errors=errors, headers={"Retry-After": "2"}, members={"missing": [missing]})


class NotKnownYet(Problem):
    """Nothing has been heard of this id yet, and it is so new that this may still come: asking again is right. The same
    answer for an id that is somebody else's, and for one that never was."""

    type_name = "not-known-yet"
    status = 409

    def __init__(self, *, errors: Iterable[Fault] = ()) -> None:
        super().__init__(errors=errors, headers={"Retry-After": "2"})


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


class Invalid(Problem):
    """A value breaks a rule: `Invalid("/days/0", "date-in-past")`, or several faults at once with `errors`."""

    type_name = "invalid"
    status = 422

    def __init__(
        self,
        pointer: str | None = None,
        code: str = "invalid",
        detail: Message | None = None,
        *,
        errors: Iterable[Fault] = (),
    ) -> None:
        own = [] if pointer is None else [Fault(code, detail, pointer=pointer)]
        super().__init__(errors=[*own, *errors])
