"""Names what is refused of a request as such: its form, its headers, its repetition."""

from __future__ import annotations

from shared.domain.errors import Conflict
from shared.kernel.errors import Fault, Problem


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


class StillRunning(Conflict):
    """The same request is being carried out at this moment; ask again shortly."""

    type_name = "still-running"

    def __init__(self) -> None:
        super().__init__(headers={"Retry-After": "1"})


class NotAcceptable(Problem):
    """The caller takes none of the formats that the operation answers in."""

    type_name = "not-acceptable"
    status = 406

    def __init__(self, given: str) -> None:
        super().__init__(errors=[Fault("media-type", header="Accept", values={"expected": given})])


class MisdirectedRequest(Problem):
    """The request names a host that this service is not known by (RFC 9110, 15.5.20)."""

    type_name = "misdirected-request"
    status = 421

    def __init__(self) -> None:
        super().__init__(errors=[Fault("unknown-host", header="Host")])


class UnsupportedMediaType(Problem):
    """The body is in a format that the operation does not read."""

    type_name = "unsupported-media-type"
    status = 415

    def __init__(self, expected: str) -> None:
        super().__init__(errors=[Fault("media-type", header="Content-Type", values={"expected": expected})])


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
