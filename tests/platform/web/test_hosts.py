"""A request is answered under the service's own names only; over https a browser is told to keep to it."""

from __future__ import annotations

import pytest

from shared.access.addresses import is_own_host
from shared.kernel.settings.current import settings
from tests.support.applications import app_for
from tests.support.demo.service import SERVICE
from tests.support.page_fixtures import embedded, keys

__all__ = ["embedded", "keys"]

KNOWN = {
    "localhost": True, "localhost:8101": True, "LOCALHOST": True, "127.0.0.1:8101": True, "[::1]:8101": True, "192.0.2.7": True,
    "score.example.org": True, "Score.Example.org.": True, "internal:8101": True, "evil.example.org": False, "": False,
    "localhost.evil.example.org": False, "score.example.org.evil.example.org": False, "127.0.0.1.evil.example.org": False,
    "evil.example.org#localhost": False, "[::1": False, "2130706433": False,
    "evil.example@127.0.0.1": False, "evil.example\\@127.0.0.1": False, "evil.example:x@score.example.org": False,
    "score.example.org:": True, "score.example.org:x": False, "127.0.0.1/evil.example": False, "::1": False,
    "[::1]evil.example": False, "[127.0.0.1]": False, "localhost\\": False, " localhost": False, "localhost?": False,
    "localhost,evil.example": False, "[::1]:": True, "localhost:8101:1": False,
}  # fmt: skip


@pytest.mark.parametrize("host", KNOWN)
def test_a_service_knows_its_names(embedded: pytest.MonkeyPatch, host: str) -> None:
    embedded.setenv("SCORE_ADDRESSES", "enrollment=https://score.example.org/,demo=/")
    embedded.setenv("SCORE_HOSTS", "internal")
    settings.cache_clear()
    assert is_own_host(host) == KNOWN[host]


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
def test_in_production_there_are_declared_names_only(embedded: pytest.MonkeyPatch, host: str) -> None:
    embedded.setenv("SCORE_PROFILE", "production")
    embedded.setenv("SCORE_ADDRESSES", "")
    embedded.setenv("SCORE_HOSTS", "internal")
    settings.cache_clear()
    assert not is_own_host(host)
    assert is_own_host("internal:8101")


@pytest.mark.parametrize(
    "path", ["/signin", "/enterprises", "/", "/v1/nothing", "/openapi.json", "/static/web/docs.js"]
)
def test_a_page_of_another_site_gets_no_answer(embedded: pytest.MonkeyPatch, path: str) -> None:
    client = app_for(SERVICE).test_client()
    answer = client.get(path, base_url="http://evil.example.org:8101", headers={"Accept-Language": "id"})
    assert (answer.status_code, answer.json["type"]) == (421, "/problems/misdirected-request")
    assert answer.json["errors"] == [
        {"code": "unknown-host", "detail": "Bukan nama host layanan ini.", "header": "Host"}
    ]
    assert "Set-Cookie" not in answer.headers
    assert client.get("/health/live", base_url="http://evil.example.org:8101").status_code == 200


def test_over_https_a_browser_is_told_to_keep_to_it(embedded: pytest.MonkeyPatch) -> None:
    client = app_for(SERVICE).test_client()
    for path in ("/signin", "/v1/nothing", "/health/live"):
        said = client.get(path, base_url="https://localhost").headers
        assert said["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
        assert "Strict-Transport-Security" not in client.get(path).headers
    embedded.setenv("SCORE_HSTS_SECONDS", "0")
    settings.cache_clear()
    assert "Strict-Transport-Security" not in client.get("/signin", base_url="https://localhost").headers
