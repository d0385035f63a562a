"""The embedded run's key and tokens."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import jwt
import pytest
from click.testing import CliRunner

from deploy.cli.main import main
from deploy.platform.keys import Claims, IdMissing, NotLoopback, make_keys, mint
from shared.kernel.settings.current import settings
from tests.resilience.stack.runner import REPOSITORY

INSTITUTION = "0190b5a2-7c1e-7000-8000-000000000001"


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    make_keys(tmp_path / "keys")
    return tmp_path / "keys"


def claims_of(token: str, keys: Path) -> dict[str, object]:
    """Verified as a service does it: with the published key alone."""
    key_set = jwt.PyJWKSet.from_json((keys / "jwks.json").read_text())
    key = key_set[jwt.get_unverified_header(token)["kid"]]
    return jwt.decode(token, key, algorithms=["EdDSA"], audience="score", issuer="score-embedded")


def test_a_token_verifies_against_the_published_key(keys: Path) -> None:
    token = mint(Claims(role="provider", institution=INSTITUTION, name="Invented Person"), keys, timedelta(minutes=30))
    claims = claims_of(token, keys)
    assert claims["role"] == "provider"
    assert claims["institution"] == INSTITUTION
    assert claims["sub"] == f"provider:{INSTITUTION}"
    assert int(str(claims["exp"])) - int(str(claims["iat"])) == 1800
    assert claims["jti"]


def test_a_foreign_key_does_not_verify(keys: Path, tmp_path: Path) -> None:
    make_keys(tmp_path / "others")
    with pytest.raises(KeyError):
        claims_of(mint(Claims(role="programme"), tmp_path / "others"), keys)


def test_the_key_is_made_once_and_is_the_owners_alone(keys: Path) -> None:
    before = (keys / "signing.pem").read_bytes()
    make_keys(keys)
    assert (keys / "signing.pem").read_bytes() == before
    for name in ("signing.pem", "cookie.secret"):
        assert (keys / name).stat().st_mode & 0o777 == 0o600
    assert "d" not in json.loads((keys / "jwks.json").read_text())["keys"][0]


@pytest.mark.parametrize("role", ["provider", "trainer", "enterprise", "sponsor"])
def test_a_role_needs_its_id(keys: Path, role: str) -> None:
    with pytest.raises(IdMissing, match=f"the role {role} needs"):
        mint(Claims(role=role), keys)


@pytest.mark.parametrize("environment", [{"SCORE_BIND": "0.0.0.0"}, {"SCORE_PROFILE": "production"}])
def test_no_token_exists_beyond_loopback(
    keys: Path, monkeypatch: pytest.MonkeyPatch, environment: dict[str, str]
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    settings.cache_clear()
    try:
        with pytest.raises(NotLoopback):
            mint(Claims(role="programme"), keys)
        with pytest.raises(NotLoopback):
            make_keys(keys)
    finally:
        settings.cache_clear()


def test_the_command_prints_the_bare_token(keys: Path) -> None:
    done = CliRunner().invoke(main, ["token", "--role", "programme", "--ttl", "90s", "--data", str(keys.parent)])
    assert done.exit_code == 0
    assert claims_of(done.output.strip(), keys)["role"] == "programme"


@pytest.mark.parametrize(("arguments", "code"), [
    (["--role", "provider"], 2), (["--role", "king"], 2), (["--role", "programme", "--ttl", "soon"], 2),
    (["--role", "trainer", "--trainer", "not-an-id"], 2), (["--role", "programme", "--data", "/nonexistent"], 1),
])  # fmt: skip
def test_wrong_usage_is_two_and_a_missing_key_is_one(arguments: list[str], code: int) -> None:
    assert CliRunner().invoke(main, ["token", *arguments]).exit_code == code


def test_the_help_is_immediate_and_loads_no_engine_client() -> None:
    code = """
import sys
from deploy.cli.main import main
main(["--help"], standalone_mode=False)
print([name for name in ("pymongo", "kafka", "environs", "psutil", "jwt") if name in sys.modules])
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    assert "up" in done.stdout
