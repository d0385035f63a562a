"""Signs in with a token in an httpOnly cookie, pasted (from any trusted issuer) or made here for a sample person.

Sample people exist in the embedded run only: without a people file or a signing key, in production, or on an address
that others can reach, choosing one answers 404. Cookies belong to a host and not to a port, so signing in once covers
every service on 127.0.0.1. `next` leads only to paths of this host.
"""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit

from flask import make_response, request
from flask.typing import ResponseReturnValue
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from shared.access.errors import Unauthenticated
from shared.access.permissions import PUBLIC
from shared.access.tokens import principal_of
from shared.domain.errors import Invalid, NotFound
from shared.i18n.language import gettext
from shared.kernel.message import Message, gettext_noop
from shared.web.pages.declare import Pages
from shared.web.pages.rendering import link, render
from shared.web.pages.session.unsent_form import UNSENT_FIELD, UnsentForm
from shared.web.pages.session.visitor import (
    LONGEST_COOKIE,
    begin_session,
    end_session,
    had_a_session,
    mark_of,
    visitor,
)
from shared.web.pages.sign_in.sample_people import sample_people, token_for

SIGN_IN = Pages("sign-in", stored=False)
LIFETIME = timedelta(hours=12)
TITLE = gettext_noop("Sign in")


@SIGN_IN.get("/signin", permits=PUBLIC, title=TITLE)
def sign_in() -> ResponseReturnValue:
    ended = "ended" in request.args or had_a_session()
    return sign_in_page(_local_path(request.values.get("next")), ended=ended and visitor() is None)


def sign_in_page(next_address: str, unsent: UnsentForm | None = None, *, ended: bool) -> str:
    """Draw the page that asks who is there, and says why it does; it carries a form that could not be sent."""
    carried = UnsentForm.read(request.form.get(UNSENT_FIELD, "")) or unsent
    return render(
        "signin.html",
        heading=gettext(TITLE),
        people=sample_people(),
        next=next_address,
        ended=ended or carried is not None,
        unsent=carried,
    )


@SIGN_IN.post("/signin/sample", permits=PUBLIC, shows="sign_in")
def sign_in_as_sample() -> ResponseReturnValue:
    people = {person.subject: person for person in sample_people()}
    sample_person = people.get(request.form.get("person", ""))
    if sample_person is None:
        raise NotFound("sample person")
    return _signed_in(token_for(sample_person, LIFETIME))


@SIGN_IN.post("/signin", permits=PUBLIC)
def sign_in_with_token() -> ResponseReturnValue:
    token = request.form.get("token", "").strip()
    if len(token) > LONGEST_COOKIE:
        raise Invalid("/token", "too-long", Message("This token is too long for a browser to keep."))
    try:
        principal_of(token)
    except Unauthenticated:
        raise Invalid(
            "/token", "invalid", Message("This token is not valid here, has expired or was signed out.")
        ) from None
    return _signed_in(token)


@SIGN_IN.post("/signout", permits=PUBLIC, shows="sign_in")
def sign_out() -> ResponseReturnValue:
    response = redirect(link("sign_in"), code=303)
    end_session(response)
    return response


def _signed_in(token: str) -> Response:
    unsent = UnsentForm.read(request.form.get(UNSENT_FIELD, ""))
    if unsent is None or unsent.by != mark_of(principal_of(token)):
        response = redirect(_local_path(request.form.get("next")), code=303)
        begin_session(response, token, LIFETIME)
        return response
    response = make_response()
    begin_session(response, token, LIFETIME)
    response.set_data(render("signed_in.html", heading=gettext("You are signed in"), unsent=unsent))
    return response


def _local_path(address: str | None) -> str:
    """Return the path if it stays on this host, else `/`. Browsers read a backslash as a slash and drop tabs and newlines."""
    if not address or not address.startswith("/") or address.startswith("//"):
        return "/"
    if "\\" in address or not address.isprintable() or address.split("?")[0] in ("/signin", "/signout"):
        return "/"
    parts = urlsplit(address)
    return "/" if parts.scheme or parts.netloc else address
