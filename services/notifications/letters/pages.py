"""Letters for people: what became of each, and the two decisions that only a person takes.

Never an address and never the text of a letter: recipients are shown by their names, and every look is noted.
"""

from __future__ import annotations

from uuid import UUID

from flask.typing import ResponseReturnValue

from services.notifications.letters import commands
from services.notifications.letters.labels import (
    FOR_A_PERSON,
    MEANINGS,
    STATES,
    TEMPLATES,
    reason_text,
)
from services.notifications.letters.model import Letter
from services.notifications.letters.schemas import LetterView
from services.notifications.roles import DECIDERS, READERS
from shared.i18n.language import gettext, ngettext
from shared.kernel.context import current_principal
from shared.kernel.message import gettext_noop
from shared.web.fields import Choice
from shared.web.pages.declare import Pages, Work
from shared.web.pages.forms.submitted_form import require_unchanged
from shared.web.pages.listing import paginate
from shared.web.pages.parties import party_name, party_names
from shared.web.pages.rendering import link, redirect_to, render

PAGES = Pages("notifications")

RESENDABLE = ("ambiguous", "failed", "bounced")


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
    page = paginate(
        Letter.objects,
        sort=("-created_at", "created_at"),
        filters={"state": Choice(*STATES), "template": Choice(*TEMPLATES)},
    )
    counted = {state: Letter.objects(state=state).count() for state in FOR_A_PERSON}
    return render(
        "letters.html",
        found=page,
        waiting={state: count for state, count in counted.items() if count},
        names=party_names(row.recipient_id for row in page.rows),
    )


@PAGES.get("/letters/<uuid:letter_id>", permits=READERS, title=gettext_noop("Letter"), personal=True)
def letter(letter_id: UUID) -> ResponseReturnValue:
    shown = Letter.get(letter_id)
    decides = current_principal().role in DECIDERS
    return render(
        "letter.html",
        letter=shown,
        recipient=party_name(shown.recipient_id),
        state=STATES[shown.state],
        meaning=MEANINGS[shown.state],
        reason=reason_text(shown.reason),
        may_release=decides and shown.state == "held",
        may_resend=decides and shown.state in RESENDABLE,
    )


@PAGES.post("/letters/<uuid:letter_id>/release", permits=DECIDERS, shows="letter")
def release_letter(letter_id: UUID) -> ResponseReturnValue:
    require_unchanged(Letter.get(letter_id))
    commands.release_letter(letter_id)
    return redirect_to("letter", letter_id=letter_id, flash=gettext_noop("The letter is released."))


@PAGES.post("/letters/<uuid:letter_id>/resending", permits=DECIDERS, shows="letter")
def resend_letter(letter_id: UUID) -> ResponseReturnValue:
    require_unchanged(Letter.get(letter_id))
    commands.resend_letter(letter_id)
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
