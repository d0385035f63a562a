"""Shows the programme every kind of letter, in both languages, as text and as a mail program draws it."""

from __future__ import annotations

from flask import Response
from flask.typing import ResponseReturnValue

from services.notifications.content.kind import Audience
from services.notifications.letters.kinds import KINDS
from services.notifications.letters.labels import AUDIENCES
from services.notifications.previews.sample import sample_of
from services.notifications.roles import PROGRAMME
from shared.domain.errors import NotFound
from shared.i18n.language import gettext
from shared.i18n.languages import LANGUAGES
from shared.kernel.message import gettext_noop
from shared.web.pages.declare import Pages
from shared.web.pages.rendering import render

PAGES = Pages("notifications")
# drawn in a frame of the preview only, where nothing runs, and from nowhere but this very answer
AS_MAIL = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"


@PAGES.get("/letters/kinds", permits=PROGRAMME, title=gettext_noop("Kinds of letters"), nav=("letters", 3))
def letter_kinds() -> ResponseReturnValue:
    return render("letter_kinds.html", kinds=KINDS, audiences=AUDIENCES)


@PAGES.get("/letters/kinds/<template>/<audience>", permits=PROGRAMME, title=gettext_noop("Preview of a letter"))
def letter_preview(template: str, audience: Audience) -> ResponseReturnValue:
    _require(template, audience)
    shown = {language: sample_of(template, language, audience) for language in LANGUAGES}
    heading = gettext(KINDS[template].label)
    return render("letter_preview.html", heading=heading, template=template, audience=audience, shown=shown, kind=KINDS[template],
                  audiences=AUDIENCES)  # fmt: skip


@PAGES.get(
    "/letters/kinds/<template>/<audience>/<any(id, en):language>", permits=PROGRAMME, title=gettext_noop("Preview of a letter")
)  # fmt: skip
def letter_preview_mail(template: str, audience: Audience, language: str) -> ResponseReturnValue:
    """Return the HTML part alone, for the frame of the preview."""
    _require(template, audience)
    headers = {"Content-Security-Policy": AS_MAIL, "X-Frame-Options": "SAMEORIGIN"}
    return Response(sample_of(template, language, audience).html, mimetype="text/html", headers=headers)


def _require(template: str, audience: str) -> None:
    if template not in KINDS or audience not in KINDS[template].audiences:
        raise NotFound("Letter", template)
