"""Draws the page for whatever went wrong outside a form: what happened and what to do next, in the visitor's language.

No internals are shown; the request id joins the page to the log, where an unexpected error stands with its traceback.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from flask import Response, make_response, request

from shared.i18n.formats import number
from shared.i18n.language import current_language, gettext
from shared.kernel.context import current_trace
from shared.kernel.message import gettext_noop
from shared.web.api.problems import problem_of
from shared.web.pages.rendering import form_address, page_being_drawn, render


@dataclass(frozen=True, slots=True)
class Wording:
    title: str
    meaning: str
    advice: str


FORM_EXPIRED = Wording(
    gettext_noop("This form is no longer valid"),
    gettext_noop("It was opened before you signed in or out, or too long ago. Nothing was saved."),
    gettext_noop("Go back to the form, look at what it holds and send it again."),
)
TOO_LARGE = Wording(
    gettext_noop("This is too large"),
    gettext_noop("What was sent is larger than what is taken at once, %(size)s MB. Nothing was saved."),
    gettext_noop("Go back to the form and send a smaller file or less text."),
)
BYTES: Final = 100_000  # of a tenth of a megabyte
BY_STATUS = {
    403: Wording(
        gettext_noop("This page is not for your role"),
        gettext_noop("You are signed in, but your role does not include what this page shows."),
        gettext_noop("If you need it, ask the programme staff. With another account, sign out first."),
    ),
    404: Wording(
        gettext_noop("There is nothing here"),
        gettext_noop(
            "The address is wrong, the thing was removed, or it belongs to an institution whose data you cannot see."
        ),
        gettext_noop("Check the address, or start again from the list it came from."),
    ),
    409: Wording(
        gettext_noop("This is not possible now"),
        gettext_noop("Something changed since you opened the page, or something else has to happen first."),
        gettext_noop("Go back, reload the page and look at the present state."),
    ),
    410: Wording(
        gettext_noop("This is no longer here"),
        gettext_noop("Another one took its place, since both were the same."),
        gettext_noop("Start again from the list: it shows the one that was kept."),
    ),
    413: TOO_LARGE,
    429: Wording(
        gettext_noop("Too many requests"),
        gettext_noop("Your institution has sent more requests than the limit allows."),
        gettext_noop("Wait a minute, then try again."),
    ),
    503: Wording(
        gettext_noop("The service cannot answer at the moment"),
        gettext_noop("Something it needs does not respond. What you had saved before is safe."),
        gettext_noop("Try again in a minute. If you were sending a form, look first whether it was saved."),
    ),
}
REQUEST = Wording(
    gettext_noop("The request was not understood"),
    gettext_noop("The address or what was sent is not what this page expects. Nothing was saved."),
    gettext_noop("Go back and try again."),
)
OURS = Wording(
    gettext_noop("Something went wrong on our side"),
    gettext_noop("The error has been recorded. Nothing was saved."),
    gettext_noop("Try again. If it happens again, report it with the request number below."),
)


def _most() -> str:
    """Return how many megabytes a request may have."""
    return number((request.max_content_length or 0) // BYTES / 10, current_language())


def failure_page(error: Exception) -> Response:
    problem = problem_of(error)
    wording = BY_STATUS.get(problem.status) or (OURS if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR else REQUEST)
    if problem.type_name == "form-expired":
        wording = FORM_EXPIRED
    trace = current_trace()
    html = render(
        "error.html",
        heading=gettext(wording.title),
        status=problem.status,
        meaning=gettext(wording.meaning) if wording is not TOO_LARGE else gettext(wording.meaning, size=_most()),
        advice=gettext(wording.advice),
        request_id=trace.request_id,
        form_page=form_address() if request.method == "POST" and page_being_drawn() is not None else "",
    )
    response = make_response(html, problem.status)
    if "Retry-After" in problem.headers:
        response.headers["Retry-After"] = problem.headers["Retry-After"]
    return response
