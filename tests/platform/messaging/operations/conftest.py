"""`score` as a person runs it, in a folder with one small service, whose code a test can break and mend."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import structlog

from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM
from shared.kernel.settings.current import settings
from tests.support import toy
from tests.support.engines import environment
from tests.support.operator import Operator


@pytest.fixture(autouse=True)
def _this_process_stays_as_it_was() -> Iterator[None]:
    """A command that runs in the test's own process makes the process an operator's: its environment, its log."""
    environment_before, log_before = dict(os.environ), structlog.get_config()
    yield
    os.environ.clear()
    os.environ.update(environment_before)
    settings.cache_clear()
    structlog.configure(**log_before)


@pytest.fixture
def score(tmp_path: Path, store: Callable[..., Any]) -> Iterator[Operator]:
    store(toy.SERVICE)
    with environment(SCORE_RETRY_FIRST_MS="1"), acting_as(SYSTEM):
        yield Operator(tmp_path / "tree")
