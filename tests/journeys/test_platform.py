"""One platform, from its start to its second start: told, signed in to, measured, examined, stopped and found again."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families

from shared.kernel.service import declared
from tests.support.browser import CHROMIUM
from tests.support.lanes import required
from tests.support.waiting import until
from tests.support.walk import walked
from tests.support.whole_platform import Platform

pytestmark = [pytest.mark.stack, pytest.mark.xdist_group("journeys")]


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    platform = Platform(tmp_path_factory.mktemp("platform"))
    platform.start()
    yield platform
    platform.leave_nothing()


def ports(platform: Platform) -> dict[str, int]:
    plan = platform.plan
    web = {f"{service.name} web": plan.web_port(service) for service in plan.services}
    return web | {f"{service.name} worker": plan.metrics_port(service) for service in plan.services}


def test_every_process_is_ready_and_says_how_it_is_doing(platform: Platform) -> None:
    assert len(ports(platform)) == 12
    for name, port in ports(platform).items():
        assert requests.get(f"http://127.0.0.1:{port}/health/ready", timeout=10).status_code == 200, name
        answer = requests.get(f"http://127.0.0.1:{port}/metrics", timeout=10)
        families = {family.name: family for family in text_string_to_metric_families(answer.text)}
        (build,) = families["score_build_info"].samples
        assert build.labels["service"] == name.partition(" ")[0]
        assert build.value == 1
        foreign = [family for family in families if not family.startswith(("score_", "python_", "process_"))]
        assert foreign == []


def test_the_demonstration_tells_its_story_and_can_be_repeated(platform: Platform) -> None:
    for _ in range(2):
        done = platform.score("demo", *platform.arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        followed = under(done.stdout, "enrollment.training_delivered")
        assert {"finance.invoice_issued", "notifications.letter_sent"} <= set(followed), done.stdout


def under(story: str, cause: str) -> list[str]:
    """The events that a story shows further in than this one, below it."""
    lines = re.findall(r"^\d\d:\d\d:\d\d\.\d{3}  ( *)(\S+)\.v\d+  \S+ #\d+$", story, re.MULTILINE)
    place = next(number for number, (_, name) in enumerate(lines) if name == cause)
    depth, followed = len(lines[place][0]), []
    for indent, name in lines[place + 1 :]:
        if len(indent) <= depth:
            break
        followed.append(name)
    return followed


def test_the_demonstration_lists_its_requests(platform: Platform) -> None:
    done = platform.score("demo", "--json", *platform.arguments)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert {"correlation_id", "training", "invoice", "letter", "story", "requests"} <= told.keys()
    assert {told["training"], told["enterprise"], told["institution"]} <= {asked["id"] for asked in told["requests"]}
    assert not [asked for asked in told["requests"] if asked["status"] >= 500 and asked["status"] != 503]
    story = platform.score("story", told["correlation_id"], *platform.arguments)
    assert story.returncode == 0
    assert "notifications.letter_sent" in story.stdout


def test_the_doctor_says_that_all_is_well(platform: Platform) -> None:
    done = platform.score("doctor", "--json", "--data", str(platform.data))
    findings = json.loads(done.stdout)
    assert [finding for finding in findings if finding["state"] == "wrong"] == []
    assert done.returncode == 0
    assert len(findings) > 12


def test_signing_out_of_one_service_signs_out_of_all(platform: Platform) -> None:
    pages = {service.name: f"http://127.0.0.1:{platform.plan.web_port(service)}" for service in platform.plan.services}
    listed = {"enrollment": "/trainings", "consulting": "/visits"}
    with requests.Session() as visitor, requests.Session() as copy:
        page = visitor.get(f"{pages['enrollment']}/signin", timeout=10)
        found = re.search(r'name="person" value="([^"]+)"', page.text)
        assert found
        sent = {"person": found[1], "_csrf": form_token(page)}
        visitor.post(f"{pages['enrollment']}/signin/sample", data=sent, timeout=10)
        copy.cookies.update(visitor.cookies.get_dict())

        def seen(service: str) -> int:
            return copy.get(pages[service] + listed[service], timeout=10, allow_redirects=False).status_code

        assert {name: seen(name) for name in listed} == dict.fromkeys(listed, 200)
        sent = {"_csrf": form_token(visitor.get(pages["enrollment"] + "/trainings", timeout=10))}
        visitor.post(f"{pages['enrollment']}/signout", data=sent, timeout=10)
        assert seen("enrollment") == 303
        until(lambda: seen("consulting") == 303, "the end everywhere")


def form_token(page: requests.Response) -> str:
    found = re.search(r'name="_csrf" value="([0-9a-f]{64})"', page.text)
    assert found is not None, page.text
    return found[1]


def test_a_second_runner_on_the_same_data_is_refused(platform: Platform) -> None:
    assert platform.process is not None
    done = platform.score("up", "--data", str(platform.data), "--ports-offset", str(platform.plan.offset + 6000))
    assert done.returncode == 1
    assert f"already running (pid {platform.process.pid})" in done.stderr


@pytest.mark.browser
@pytest.mark.parametrize(
    ("role", "language"), [("programme", "id"), ("programme", "en"), ("provider", "id"), ("trainer", "en")]
)
def test_every_page_opens_on_a_phone(platform: Platform, role: str, language: str) -> None:
    if not CHROMIUM.exists():
        (pytest.fail if required() else pytest.skip)(f"{CHROMIUM} is missing")
    assert walked(platform, role, language) == []


def test_it_ends_with_nothing_left_and_finds_everything_again(platform: Platform) -> None:
    before, family = platform.rows(), platform.family()
    assert before["enrollment.institutions"] >= 2
    assert platform.stop() == 0
    assert "everything has stopped" in platform.output
    assert [process for process in family if process.is_running()] == []
    platform.start()
    assert "the sample programme was there already" in platform.output
    assert platform.rows() == before
    assert platform.score("demo", *platform.arguments).returncode == 0
    family = platform.family()
    assert platform.stop() == 0
    assert [process for process in family if process.is_running()] == []


def test_every_declared_service_takes_part(platform: Platform) -> None:
    assert {service.name for service in platform.plan.services} == {service.name for service in declared()}
