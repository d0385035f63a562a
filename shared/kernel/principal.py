"""Who acts: a value that a token, a link or the worker itself stands for."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from shared.kernel import ids


@dataclass(frozen=True, slots=True)
class Principal:
    """Who acts. The ids say what a role is bound to; `name` is for the screen and never stored."""

    subject: str
    role: str
    issuer: str = ""
    institution: UUID | None = None
    trainer: UUID | None = None
    enterprise: UUID | None = None
    sponsor: UUID | None = None
    province: str | None = None
    name: str = ""

    @property
    def id(self) -> UUID:
        """Return the pseudonym under which the principal appears in events."""
        return ids.derived("principal", self.issuer, self.subject)


SYSTEM = Principal(subject="system", role="system", issuer="score")
