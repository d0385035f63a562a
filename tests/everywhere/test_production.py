"""Production refuses to start as it must not run, for every service, and says everything that is missing at once."""

from __future__ import annotations

import ast
import dataclasses
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click
import pytest

from deploy.cli.up import address_of_store, up
from shared.kernel.service import ROOT, Service, declared
from shared.kernel.settings import production
from shared.kernel.settings.current import Settings, settings
from shared.kernel.settings.declaration import Misconfigured, read, variables_of
from shared.kernel.settings.store import is_guarded
from tests.support.engines import environment

SERVICES = declared()
KEY = "0f" * 32
FIT = {
    "SCORE_PROFILE": "production",
    "SCORE_KAFKA_SECURITY": "SASL_SSL",
    "SCORE_KAFKA_USER": "somebody",
    "SCORE_KAFKA_PASSWORD": "correct horse",
    "SCORE_MONGO_URL": "mongodb://somebody:battery@store.example.org/?tls=true",
    "SCORE_SMTP_SECURITY": "starttls",
    "SCORE_JWKS_URL": "https://login.example.org/keys",
    "SCORE_TOKEN_ISSUERS": "https://login.example.org",
    "SCORE_COOKIE_SECRET": "staple" * 6,
    "SCORE_ADDRESSES": "enrollment=https://enrollment.example.org,notifications=https://letters.example.org",
    "SCORE_DIGEST_KEY": KEY,
    "SCORE_NPWP_KEYS": f"one={KEY}",
    "SCORE_NPWP_INDEX_KEY": KEY,
    "SCORE_LINK_SEALING_KEYS": f"one={KEY}",
}
# what production cannot have of those whose default is fit
NEVER = {"SCORE_CLOCK_OFFSET": "60", "SCORE_FAILPOINT": "relay.in_mark:1:kill"}
# secrets that a deployment may well do without
OPTIONAL = {"SCORE_SMTP_PASSWORD": "a relay may know its callers by other means"}
CLIENTS = {"KafkaConsumer", "KafkaProducer", "KafkaAdminClient"}
each_service = pytest.mark.parametrize("service", SERVICES, ids=lambda service: service.name)


def items(service: Service) -> Iterator[dataclasses.Field[Any]]:
    for shape in production.settings_for(service):
        yield from dataclasses.fields(shape)


def needs(service: Service) -> set[str]:
    return {item.metadata["variable"] for item in items(service) if item.metadata["production"]}


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An environment that says nothing of what production asks for."""
    named = {
        variable
        for service in SERVICES
        for item in items(service)
        for variable in variables_of(item.metadata, service.name)
    }
    for variable in named:
        monkeypatch.delenv(variable, raising=False)
        monkeypatch.delenv(f"{variable}_FILE", raising=False)
    yield
    settings.cache_clear()


def refused(service: Service, around: Mapping[str, str]) -> set[str]:
    """The variables that a start with these settings is told to mend."""
    with environment(**around):
        return {one.variable for one in production.unfit(production.settings_for(service), service.name)}


@each_service
def test_all_that_is_missing_is_said_at_once(service: Service) -> None:
    with environment(SCORE_PROFILE="production", **NEVER), pytest.raises(Misconfigured) as told:
        production.require(production.settings_for(service), service.name)
    lines = {line.strip().partition(":")[0] for line in str(told.value).splitlines()[1:]}
    assert lines == needs(service) - {"SCORE_PROFILE"}


@each_service
def test_a_fit_deployment_starts(service: Service) -> None:
    with environment(**FIT):
        production.require(production.settings_for(service), service.name)


@each_service
def test_each_setting_alone_keeps_production_from_starting(service: Service) -> None:
    for variable in needs(service):
        around = FIT | ({variable: NEVER[variable]} if variable in NEVER else {variable: ""})
        if variable in ("SCORE_PROFILE", "SCORE_SMTP_SECURITY", "SCORE_KAFKA_SECURITY"):
            around.pop(variable)
        assert refused(service, around) == {variable}
        os.environ.pop(variable, None)


@each_service
def test_every_secret_says_what_production_needs_of_it(service: Service) -> None:
    silent = {
        item.metadata["variable"]
        for item in items(service)
        if item.metadata["secret"] and not item.metadata["production"]
    }
    assert silent <= OPTIONAL.keys(), "declare it with production=InProduction(...)"


@each_service
def test_no_secret_is_shown(service: Service) -> None:
    for item in items(service):
        assert item.repr is not item.metadata["secret"], item.name


def test_secrets_of_a_deployment_are_not_in_what_is_printed_of_it() -> None:
    with environment(**FIT):
        shown = repr(settings())
    assert "somebody" in shown
    assert not [secret for secret in ("correct horse", "battery", "staple") if secret in shown]


def test_bad_values_and_missing_ones_are_said_together() -> None:
    spoiled = FIT | {
        "SCORE_TOPIC_PARTITIONS": "many",
        "SCORE_KAFKA_CA_FILE": "/nowhere/ca.pem",
        "SCORE_COOKIE_SECRET": "short",
    }
    assert refused(SERVICES[0], spoiled) == {"SCORE_TOPIC_PARTITIONS", "SCORE_KAFKA_CA_FILE", "SCORE_COOKIE_SECRET"}


@each_service
def test_a_service_has_a_principal_of_its_own(service: Service, tmp_path: Path) -> None:
    own = f"SCORE_{service.name.upper()}_"
    (tmp_path / "password").write_text("of its own\n")
    around = {f"{own}KAFKA_USER": service.name, f"{own}KAFKA_PASSWORD_FILE": str(tmp_path / "password")}
    around[f"{own}MONGO_URL"] = f"mongodb+srv://{service.name}:secret@store.example.org/"
    general = {
        name: value
        for name, value in FIT.items()
        if name not in ("SCORE_KAFKA_USER", "SCORE_KAFKA_PASSWORD", "SCORE_MONGO_URL")
    }
    assert refused(service, general | around) == set()
    with environment(**general, **around):
        seen = settings(service.name)
    assert (seen.kafka_user, seen.kafka_password, seen.mongo_url) == (
        service.name,
        "of its own",
        around[f"{own}MONGO_URL"],
    )
    others = [other for other in SERVICES if other is not service]
    assert all("SCORE_KAFKA_USER" in refused(other, general | around) for other in others)
    plain = general | around | {f"{own}MONGO_URL": "mongodb://store.example.org/"}
    assert refused(service, plain) == {f"{own}MONGO_URL"}


@pytest.mark.parametrize(
    ("url", "guarded"),
    [
        ("mongodb://a:b@one,two/?tls=true", True),
        ("mongodb://a:b@one/?ssl=true", True),
        ("mongodb+srv://a:b@cluster.example.org/", True),
        ("mongodb://one/?tls=true&authMechanism=MONGODB-X509&tlsCertificateKeyFile=/keys/own.pem", True),
        ("mongodb://127.0.0.1:27117", False),
        ("mongodb://a:b@one/", False),
        ("mongodb://one/?tls=true", False),
        ("mongodb+srv://a:b@cluster.example.org/?tls=false", False),
        ("mongodb://a:b@one/?tls=true&tlsInsecure=true", False),
        ("mongodb://a:b@one/?tls=true&tlsAllowInvalidCertificates=true", False),
        ("mongodb://a:b@one/?tls=true&tlsAllowInvalidHostnames=TRUE", False),
        ("mongodb://[::1", False),
    ],
)
def test_a_store_is_reached_by_tls_and_by_somebody(url: str, guarded: bool) -> None:
    assert is_guarded(url) is guarded


@pytest.mark.parametrize("verb", ["web", "worker"])
def test_a_process_ends_with_the_whole_list_and_connects_nowhere(verb: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "services.notifications", verb], cwd=ROOT, capture_output=True, text=True, check=False,
        env={**os.environ, "SCORE_PROFILE": "production"},
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (78, "")
    wanted = needs(_named("notifications")) & (FIT.keys() - {"SCORE_PROFILE"})
    assert len(wanted) == 11
    assert all(f"  {variable}: " in done.stderr for variable in wanted)


def test_the_doctor_says_the_same_list_for_all_services_and_starts_nothing(tmp_path: Path) -> None:
    def doctor(**around: str) -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "deploy.cli.main", "doctor", "--production", "--data", str(tmp_path / "data")], cwd=ROOT,
            capture_output=True, text=True, check=False, env={**os.environ, **around},
        )  # fmt: skip
        return done.returncode, done.stdout

    code, said = doctor()
    assert code == 1
    assert {line.split()[1].rstrip(":") for line in said.splitlines() if line.startswith("WRONG")} == FIT.keys()
    assert "SCORE_SMTP_SECURITY: not fit for production (notifications)" in said
    assert doctor(**FIT)[0] == 0
    assert not (tmp_path / "data").exists()


def test_a_password_on_a_command_line_is_refused_and_a_file_is_read(tmp_path: Path) -> None:
    option = next(option for option in up.params if option.name == "mongo")
    with pytest.raises(click.BadParameter, match="seen by everybody"):
        address_of_store(click.Context(up), option, "mongodb://somebody:battery@store.example.org/?tls=true")
    (tmp_path / "store").write_text(FIT["SCORE_MONGO_URL"] + "\n")
    assert address_of_store(click.Context(up), option, (tmp_path / "store").as_uri()) == FIT["SCORE_MONGO_URL"]
    assert address_of_store(click.Context(up), option, "mongodb://127.0.0.1:9") == "mongodb://127.0.0.1:9"
    assert address_of_store(click.Context(up), option, None) is None


def test_every_client_of_the_broker_takes_the_one_way_in() -> None:
    loose = []
    for top in ("shared", "services", "deploy"):
        for path in (ROOT / top).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") in CLIENTS:
                    ways = [word.value for word in node.keywords if word.arg is None]
                    if not any(isinstance(way, ast.Call) and getattr(way.func, "id", "") == "way_in" for way in ways):
                        loose.append(str(path.relative_to(ROOT)))
    assert loose == ["deploy/kafka/health.py"], "that one asks the cluster that it has started itself"


def test_what_is_read_is_what_was_declared() -> None:
    with environment(SCORE_KAFKA="broker.example.org:9093"):
        reading = read(Settings)
    assert reading.values["kafka"] == "broker.example.org:9093"
    assert not reading.faults


def _named(name: str) -> Service:
    return next(service for service in SERVICES if service.name == name)
