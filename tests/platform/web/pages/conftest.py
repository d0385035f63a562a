"""The pages of a small service, somebody who signs in to them, and a browser that opens them."""

from __future__ import annotations

from tests.support.page_fixtures import address, app, client, embedded, keys, site, staff, token, visit

__all__ = ["address", "app", "client", "embedded", "keys", "site", "staff", "token", "visit"]
