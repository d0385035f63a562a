"""Letters for people: what became of each, and the two decisions that only a person takes.

Recipients are shown by their names, addresses as much as tells one from another, and every look is noted. What a letter said
has a page of its own (`copies`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue
from marshmallow import ValidationError

from services.notifications.letters import commands
from services.notifications.letters.labels import (
    FOR_A_PERSON,
    MEANINGS,
    RESENDABLE,
    STATES,
    TEMPLATES,
    reason_text,
)
from services.notifications.letters.model import Letter
from services.notifications.letters.queries import (
    MOST_FOUND,
    lacks_address,
    letters_to,
    masked_addresses,
    may_be_printed,
    written_between,
)
from services.notifications.letters.schemas import FindLetters, LetterView, ReleaseLetters, ResendLetter, WrittenOn
from services.notifications.roles import DECIDERS, READERS
from shared.i18n.language import gettext, ngettext
from shared.kernel.context import current_principal
from shared.kernel.errors import Fault
from shared.kernel.message import gettext_noop
from shared.web.errors import Malformed
from shared.web.fields import Choice
from shared.web.pages.declare import Pages, Work
from shared.web.pages.forms.submitted_form import require_unchanged
from shared.web.pages.listing import paginate
from shared.web.pages.parties import party_name, party_names
from shared.web.pages.rendering import link, redirect_to, render

PAGES = Pages("notifications")

Body = dict[str, Any]
WRITTEN_ON = ("written_from", "written_until")


@PAGES.get(
    "/letters",
    permits=READERS,
    title=gettext_noop("Letters"),
    nav=("letters", 1),
    rows=LetterView,
    names={"recipient_id": party_names},
    personal=True,
)
def letters() -> ResponseReturnValue:
    days = _days_asked()
    page = paginate(
        written_between(days["written_from"], days["written_until"]),
        sort=("-created_at", "created_at"),
        filters={"state": Choice(*STATES), "template": Choice(*TEMPLATES)},
    )
    counted = {state: Letter.objects(state=state).count() for state in STATES}
    return render(
        "letters.html",
        found=page,
        counted={state: count for state, count in counted.items() if count},
        releasable=[row for row in page.rows if row.state == "held"] if current_principal().role in DECIDERS else [],
        **_beside(page.rows),
    )


@PAGES.post("/letters", permits=READERS, body=FindLetters, personal=True)
def find_letters(body: Body) -> ResponseReturnValue:
    """Draw the letters to whom a name fits. A form and no address asks: a person's name stands in no address."""
    rows = letters_to(body["name"])
    return render("letters_found.html", rows=rows, most=MOST_FOUND, sought=body["name"], **_beside(rows))


@PAGES.post("/letters/releases", permits=DECIDERS, body=ReleaseLetters, shows="letters")
def release_letters(body: Body) -> ResponseReturnValue:
    commands.release_letters(**body)
    return redirect_to("letters", state="held", flash=gettext_noop("The letters are released."))


def _beside(rows: Sequence[Letter]) -> dict[str, Any]:
    """Return what a list shows beside letters that is not theirs."""
    recipients = [row.recipient_id for row in rows]
    decides = current_principal().role in DECIDERS
    return {
        "names": party_names(recipients),
        "addresses": masked_addresses(recipients),
        "on_paper": {row.id for row in rows if decides and lacks_address(row)},
    }


def _days_asked() -> dict[str, Any]:
    try:
        return dict(WrittenOn().load({name: request.args[name] for name in WRITTEN_ON if request.args.get(name)}))
    except ValidationError as error:
        raise Malformed(errors=[Fault("invalid", parameter=str(name)) for name in error.messages_dict]) from None


@PAGES.get("/letters/<uuid:letter_id>", permits=READERS, title=gettext_noop("Letter"), personal=True)
def letter(letter_id: UUID) -> ResponseReturnValue:
    shown = Letter.get(letter_id)
    decides = current_principal().role in DECIDERS
    return render(
        "letter.html",
        letter=shown,
        recipient=party_name(shown.recipient_id),
        address=masked_addresses([shown.recipient_id]).get(shown.recipient_id),
        steps=[(STATES[step.state], step.at, reason_text(step.reason)) for step in shown.steps],
        state=STATES[shown.state],
        meaning=MEANINGS[shown.state],
        reason=reason_text(shown.reason),
        may_release=decides and shown.state == "held",
        may_resend=decides and shown.state in RESENDABLE,
        may_read=decides and shown.sent_at is not None,
        may_print=decides and may_be_printed(shown),
        on_paper=lacks_address(shown),
    )


@PAGES.post("/letters/<uuid:letter_id>/release", permits=DECIDERS, shows="letter")
def release_letter(letter_id: UUID) -> ResponseReturnValue:
    require_unchanged(Letter.get(letter_id))
    commands.release_letter(letter_id)
    return redirect_to("letter", letter_id=letter_id, flash=gettext_noop("The letter is released."))


@PAGES.post("/letters/<uuid:letter_id>/resending", permits=DECIDERS, body=ResendLetter, shows="letter")
def resend_letter(letter_id: UUID, body: Body) -> ResponseReturnValue:
    require_unchanged(Letter.get(letter_id))
    commands.resend_letter(letter_id, **body)
    return redirect_to("letter", letter_id=letter_id, flash=gettext_noop("The letter is on its way again."))


@PAGES.waits(permits=DECIDERS)
def letters_that_need_a_person() -> Work | None:
    numbers = {state: Letter.objects(state=state).count() for state in FOR_A_PERSON}
    several = [state for state, number in numbers.items() if number]
    if not several:
        return None
    number = sum(numbers.values())
    title = ngettext("%(num)s letter needs you", "%(num)s letters need you", number)
    text = gettext("They did not reach their recipients by themselves.")
    return Work(title, link("letters", state=several[0] if len(several) == 1 else None), number, text=text)
