"""What the tests that hold every service to the same are given."""

from __future__ import annotations

from tests.support.page_fixtures import embedded, keys, site
from tests.support.service_fixtures import answers_are_described, clean, client, configured, enter, system, tokens

__all__ = [
    "answers_are_described", "clean", "client", "configured", "embedded", "enter", "keys", "site", "system", "tokens",
]  # fmt: skip
