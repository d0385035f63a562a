"""Says what is refused about enterprises, with what helps the caller: the skipped step, the candidates, the kept id."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from typing import Final, TypedDict
from uuid import UUID

from shared.domain.errors import Conflict, NotAllowedNow, RefusedStep
from shared.kernel.errors import Fault, Problem
from shared.kernel.message import Message

OPERATIONS: Final = {
    "find_eligible": "screen_enterprise",
    "commit": "commit_enterprise",
    "enroll": "enroll_enterprise",
}
STEPS: Final = {
    "screen_enterprise": Message("screening"),
    "commit_enterprise": Message("the signed commitment"),
    "enroll_enterprise": Message("enrolment"),
}

UNKNOWN_ENTERPRISE: Final = Fault("unknown-enterprise", Message("There is no such enterprise. Check its number."))
NAME_MISSING: Final = Fault("required")
NUMBER_MISSING: Final = Fault("required", pointer="/nib")  # an empty answer would say that nobody is registered
NIB_FORM: Final = Fault("nib-form", Message("A NIB has 13 digits. Write all of them, like 1234567890123."))
NPWP_FORM: Final = Fault("npwp-form", Message("An NPWP has 15 or 16 digits. Write all of them."))
KBLI_VERSION_ALONE: Final = Fault(
    "kbli-version-alone", Message("The edition of KBLI needs a code. Write the code, or leave the edition out.")
)
SIZE_DIFFERS: Final = Fault(
    "size-differs",
    Message(
        "This size does not go with the sales or the capital that is given. Correct one of them, or leave the size out."
    ),
)


class SimilarEnterprise(TypedDict):
    """An enterprise that is probably the same, and why."""

    id: UUID
    name: str
    legal_form: str
    province: str
    place: str | None
    state: str
    reasons: list[str]


class Candidates(TypedDict):
    candidates: list[SimilarEnterprise]
    others: int


class KeptOne(TypedDict):
    kept_id: UUID


class Merged(Problem):
    """The registration was merged into another one, which the caller may see."""

    type_name = "merged"
    status = 410
    declared_members = KeptOne

    def __init__(self, kept_id: UUID) -> None:
        location = f"/v1/enterprises/{kept_id}"
        super().__init__(headers={"Location": location}, members={"kept_id": kept_id})
        self.kept_id = kept_id


class PossibleDuplicate(Conflict):
    """The enterprise is probably registered already. `count` is what is done once it was refused."""

    type_name = "possible-duplicate"
    declared_members = Candidates

    def __init__(
        self, candidates: Sequence[SimilarEnterprise], others: int, count: Callable[[], None] | None = None
    ) -> None:
        super().__init__(members={"candidates": list(candidates), "others": others})
        self._count = count

    def remember(self) -> None:
        if self._count is not None:
            self._count()


class SkippedSteps(RefusedStep):
    missing: list[str]


class StepSkipped(NotAllowedNow):
    """`missing` names the operations that come first, in their order."""

    type_name = "step-skipped"
    declared_members = SkippedSteps

    def __init__(self, *, verb: str, state: str, missing: Sequence[str]) -> None:
        steps = reduce(lambda before, then: Message("%(before)s, then %(then)s", {"before": before, "then": then}),
                       (STEPS[name] for name in missing))  # fmt: skip
        words = Message("This comes first: %(steps)s.", {"steps": steps})
        super().__init__(words, verb=verb, state=state, members={"missing": list(missing)})


def step_skipped(verb: str, state: str, skipped: Sequence[str]) -> StepSkipped | None:
    """Return the refusal, or None where no usual step is missing, so that the lifecycle refuses in its own words."""
    if not skipped or any(name not in OPERATIONS for name in skipped):
        return None
    return StepSkipped(verb=verb, state=state, missing=[OPERATIONS[name] for name in skipped])
