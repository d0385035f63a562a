"""Services as WSGI applications and as commands, each on its own database of the real store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from flask.testing import FlaskClient

from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM, Principal
from shared.kernel.service import Service
from shared.kernel.settings.current import settings
from tests.support import engines
from tests.support.catalogues import catalogues_of
from tests.support.declared_operations import ANSWERED, SERVICES, app_of, described
from tests.support.fixture_types import Enter
from tests.support.tokens import Tokens


@pytest.fixture(scope="session")
def tokens(tmp_path_factory: pytest.TempPathFactory) -> Tokens:
    return Tokens(tmp_path_factory.mktemp("keys"))


@pytest.fixture(autouse=True)
def answers_are_described() -> Iterator[None]:
    """Every answer that a test is given stands in the service's OpenAPI document."""
    ANSWERED.clear()
    yield
    undescribed = ANSWERED - described() if ANSWERED else set()
    assert not undescribed, sorted(undescribed)


@pytest.fixture
def configured(tokens: Tokens, monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    monkeypatch.setenv("SCORE_JWKS_URL", tokens.jwks.as_uri())
    monkeypatch.setenv("SCORE_LINK_KEYS_URL", tokens.jwks.as_uri())
    monkeypatch.setenv("SCORE_RATE_LIMIT", "1000000 per minute")
    settings.cache_clear()
    yield monkeypatch
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def enter(store: Callable[[Service], object], configured: pytest.MonkeyPatch) -> Iterator[Enter]:
    """Go to the empty database of a service, and speak in its words, as its worker does."""
    with ExitStack() as words:

        def go(name: str) -> None:
            store(SERVICES[name])
            words.enter_context(catalogues_of(name).in_use())

        yield go


@pytest.fixture
def client(enter: Enter) -> Callable[[str], FlaskClient]:
    def go(name: str) -> FlaskClient:
        enter(name)
        return app_of(name).test_client()

    return go


@pytest.fixture
def system() -> Iterator[Principal]:
    with acting_as(SYSTEM) as principal:
        yield principal


@pytest.fixture
def clean(enter: Enter) -> Callable[[str], None]:
    """Empty the connected database of a service once more, within one test."""
    return engines.clean
