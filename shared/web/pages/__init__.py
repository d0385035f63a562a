"""The pages that people use: one design for all services, server-rendered, the same commands as the API beneath.

A service declares its pages on `Pages` and fills templates from the shared macros; it adds content, never style.
Everything works without JavaScript; a page without a permission cannot be declared; every form carries a CSRF token
and has one effect however often it is sent.
"""

from flask.typing import ResponseReturnValue

from shared.web.pages.failures import failure_page
from shared.web.pages.forms import attached, posted, seen
from shared.web.pages.installation import front_page, install
from shared.web.pages.language import current_language, gettext, gettext_noop, ngettext, speaking
from shared.web.pages.listing import Listed, listed
from shared.web.pages.rendering import link, page, redirect_to
from shared.web.pages.surface import Pages
from shared.web.permissions import PUBLIC

__all__ = [
    "PUBLIC",
    "Listed",
    "Pages",
    "ResponseReturnValue",
    "attached",
    "current_language",
    "failure_page",
    "front_page",
    "gettext",
    "gettext_noop",
    "install",
    "link",
    "listed",
    "ngettext",
    "page",
    "posted",
    "redirect_to",
    "seen",
    "speaking",
]
