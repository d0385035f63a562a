"""Leads from any page of a registration that was given up to the same page of the kept one."""

from __future__ import annotations

import functools
from typing import Any

from flask.typing import ResponseReturnValue

from services.enrollment.enterprises.errors import Merged
from shared.web.pages.declare import Handler
from shared.web.pages.rendering import redirect_to


def follows_merger(handler: Handler) -> Handler:
    """Send a page whose path names an `enterprise_id` of a merged registration to that of the kept one."""

    @functools.wraps(handler)
    def shown(**arguments: Any) -> ResponseReturnValue:
        try:
            return handler(**arguments)
        except Merged as merged:
            return redirect_to(handler.__name__, **{**arguments, "enterprise_id": merged.kept_id})

    return shown
