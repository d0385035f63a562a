"""Says which event or timer causes which letter to whom, and why other events cause none."""

from __future__ import annotations

from typing import Final

from services.notifications.content.kind import Kind
from services.notifications.letters.kinds import KINDS

INTRODUCTION: Final = """\
Letters are written by the service notifications, each once for its event (or the key that stands for it) and recipient. How to
add one: [A letter](a-letter.md). Its preview, with invented names, is on the page `/letters/kinds` of notifications, for the
programme. What "may be refused" goes to nobody who opted out of letters or does not consent to be contacted; the others go
out nevertheless, but to no address that is known not to work, and to nobody who was erased."""
WITHOUT_LETTER: Final = {
    "EnterpriseCorrected": "who entered it knows it, and nobody has to do anything",
    "EnterpriseGraduationReversed": "`ModuleCompletionReversed` tells the enterprise which module is open again",
    "CostRecorded": "who recorded it knows it; it concerns no recipient of letters",
    "CostReversed": "who took it back knows it; it concerns no recipient of letters",
    "ActionCompleted": "the team that carried it out knows it",
    "ReadingReleased": "it carries figures to who counts them",
    "ErasureDone": "who was erased has no address left: the page tells whoever asked for it",
    "ModuleVersionPublished": "titles come as reference; nobody is registered for news of the catalogue",
    "TargetChanged": "its figures are told by the digest, which comes with published reports",
}


def page(note: str) -> str:
    lines = ["# Letters", note, INTRODUCTION, ""]
    lines += [
        "| letter | template | caused by | goes to | may be refused | of use until |",
        "|---|---|---|---|---|---|",
    ]
    lines += [_row(template, kind) for template, kind in KINDS.items()]
    lines += ["", "## Events that cause no letter", "", "| event | why |", "|---|---|"]
    lines += [f"| `{event}` | {why} |" for event, why in WITHOUT_LETTER.items()]
    return "\n".join([*lines, ""])


def _row(template: str, kind: Kind) -> str:
    causes = ", ".join(cause if cause.startswith("timer") else f"`{cause}`" for cause in kind.causes)
    refused = "no" if kind.must_arrive else "yes"
    return f"| {kind.label} | `{template}` | {causes} | {', '.join(kind.audiences)} | {refused} | {_until(kind)} |"


def _until(kind: Kind) -> str:
    if kind.useful_until:
        return kind.useful_until
    fields = dict.fromkeys(name for heard in kind.heard for name in heard.useful_until)
    return f"the end of {', '.join(f'`{name}`' for name in fields)}" if fields else "always"
