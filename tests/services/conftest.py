"""What the tests of a service are given: its application, tokens, its store, and its pages' site.

Rules need none of it: a fixture costs those who ask for it, and the one that everybody has does nothing without an answer.
"""

from __future__ import annotations

from tests.support.page_fixtures import embedded, keys, site
from tests.support.service_fixtures import answers_are_described, clean, client, configured, enter, system, tokens

__all__ = [
    "answers_are_described", "clean", "client", "configured", "embedded", "enter", "keys", "site", "system", "tokens",
]  # fmt: skip
