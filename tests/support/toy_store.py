"""The connected store is the toy's, for every test of a module that imports it."""

from __future__ import annotations

import pytest

from tests.support import toy


@pytest.fixture(autouse=True)
def _on_the_toy_store(store) -> None:
    store(toy.SERVICE)
