"""Brings the pages of operations together, in the order of their navigation."""

from __future__ import annotations

from shared.web.pages.declare import Pages
from shared.web.pages.operations import overview, parked, sending

OPERATIONS = Pages.joined([overview.PAGES, parked.PAGES, sending.PAGES])
