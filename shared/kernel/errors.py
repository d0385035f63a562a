"""Says what a refusal is: an answer, not a crash.

A `Problem` says what is wrong and where, in words a caller may read. Each package has those that it raises in its own
`errors`. The HTTP boundary turns them into `application/problem+json` (`shared.web.api.problems`), a page into a message
beside the field; titles and the texts of common codes are in `shared.i18n`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self, TypedDict

from shared.kernel.message import Message


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a request: a stable code, and where (one of pointer, parameter, header).

    A common code needs no `detail`: its text is filled with `values`.
    """

    code: str
    detail: Message | None = None
    pointer: str | None = None
    parameter: str | None = None
    header: str | None = None
    values: Mapping[str, object] = field(default_factory=dict)

    def at(self, pointer: str) -> Self:
        return replace(self, pointer=pointer)


class NoMembers(TypedDict):
    """What a problem says beyond what every problem says: nothing."""


class Problem(Exception):
    """An answer other than the one asked for.

    A subclass declares one type of problem: its name, its status, and in `declared_members` what its document says beyond
    what every problem says (RFC 9457, 3.2), from which the API's document has it too. `members` are their values.
    """

    type_name: str = "internal-error"
    status: int = 500
    declared_members: ClassVar[type[Any]] = NoMembers

    def __init__(
        self,
        detail: Message | None = None,
        *,
        errors: Iterable[Fault] = (),
        headers: Mapping[str, str] | None = None,
        members: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(self.type_name if detail is None else str(detail))
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = dict(headers or {})
        self.members = dict(members or {})
        undeclared = self.members.keys() - self.declared_members.__annotations__.keys()
        if undeclared:
            raise TypeError(f"{self.type_name} declares no {', '.join(sorted(undeclared))}")

    def remember(self) -> None:
        """Keep what a refusal leaves behind, in a transaction of its own, since that of the command was taken back. Usually
        nothing. What it raises is the answer instead.
        """


class Unavailable(Problem):
    """Something this service needs does not answer; nothing was changed, or the repeat will find out."""

    type_name = "unavailable"
    status = 503

    def __init__(self, what: str = "", *, retry_after: int = 2) -> None:
        super().__init__(headers={"Retry-After": str(retry_after)})
        self.what = what
