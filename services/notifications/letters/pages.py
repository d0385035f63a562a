"""Letters for people: what became of each, and the two decisions that only a person takes.

Never an address and never the text of a letter: recipients are shown by the end of their id.
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
from services.notifications.roles import DECIDERS, READERS
from shared.i18n.formats import short
from shared.kernel.context import current_principal
from shared.kernel.message import gettext_noop
from shared.web.fields import Choice
from shared.web.pages.declare import Pages
from shared.web.pages.forms.submitted_form import require_unchanged
from shared.web.pages.listing import paginate
from shared.web.pages.rendering import redirect_to, render

PAGES = Pages("notifications")

RESENDABLE = ("ambiguous", "failed", "bounced")


@PAGES.get("/letters", permits=READERS, title=gettext_noop("Letters"), nav=1)
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
        short=short,
    )


@PAGES.get("/letters/<uuid:letter_id>", permits=READERS, title=gettext_noop("Letter"))
def letter(letter_id: UUID) -> ResponseReturnValue:
    shown = Letter.get(letter_id)
    decides = current_principal().role in DECIDERS
    return render(
        "letter.html",
        letter=shown,
        recipient=short(shown.recipient_id),
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
