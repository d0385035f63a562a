"""Takes the pictures of docs/pages.md: starts a platform of its own, runs the demonstration, looks at enrollment's pages.

`python -m docs.screenshots` writes docs/images/. Everybody on the pictures is invented. A wide picture speaks English, a
narrow one Indonesian; each shows what a screen shows at first.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
import requests
from playwright.sync_api import Browser, sync_playwright

from deploy.demo.cycle import Provider, days_ago
from deploy.platform.client import Client
from deploy.platform.keys import Claims, mint
from tests.support.browser import ARGUMENTS, CHROMIUM
from tests.support.whole_platform import Platform

IMAGES = Path(__file__).parent / "images"
SCREENS = (("wide", "en", 1280, 900), ("phone", "id", 360, 1000))
PATIENCE_SECONDS = 600.0
PERSONS = (("Sri Lestari", "manager"), ("Endang Rahayu", "worker"), ("Yuliana", "worker"))
SHEET = """Nama,Jenis kelamin,Jabatan,ID usaha,NIB usaha,Email
Sulastri,female,worker,{0},,sulastri@example.org
Joko,laki-laki,worker,{0},,joko@example.org
Bagus,male,worker,{0},,bagus@
Wulan,female,manager,,9999999999999,wulan@example.org
=A2,female,worker,{0},,
"""


@dataclass(frozen=True, slots=True)
class Page:
    """A picture: its name and the address within enrollment, in each language where there are two; how much of it."""

    name: str
    path: str
    indonesian_path: str = ""
    screens: float = 1.0

    def at(self, language: str) -> str:
        return (self.indonesian_path if language == "id" else "") or self.path


def main() -> None:
    with _platform() as platform:
        client = Client(platform.plan, patience=PATIENCE_SECONDS)
        done = platform.score("demo", *platform.arguments, seconds=PATIENCE_SECONDS)
        if done.returncode:
            click.echo(f"the demonstration {done.stderr}", err=True)  # the pages show what there is
        address = client.url("enrollment", "")
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
            for page, token in _pages(client, platform):
                for screen in SCREENS:
                    _take(browser, address, page, token, screen)
            browser.close()
    size = sum(picture.stat().st_size for picture in IMAGES.glob("*.png"))
    click.echo(f"{size:,} bytes in {IMAGES}")


@contextmanager
def _platform() -> Iterator[Platform]:
    with tempfile.TemporaryDirectory() as folder:
        platform = Platform(Path(folder))
        try:
            platform.start(PATIENCE_SECONDS)
            yield platform
        finally:
            platform.leave_nothing()


def _pages(client: Client, platform: Platform) -> list[tuple[Page, str]]:
    """Something to see on every page, and who looks at it."""
    people = platform.people()
    sample = next(person["institution"] for person in people if person["role"] == "provider")
    trainer = next(person["trainer"] for person in people if person["role"] == "trainer")
    provider = Provider(client, sample, trainer)
    token = provider.token
    journey = next(
        one for one in client.get("enrollment", "/v1/journeys", token)["items"] if one["state"] != "completed"
    )
    enterprise = journey["enterprise_id"]
    programme = client.token("programme")
    furthest = client.get("enrollment", "/v1/enterprises", programme, sort="-created_at")["items"][0]["id"]
    persons = provider.register_people(
        enterprise, [{"name": name, "sex": "female", "role": role} for name, role in PERSONS]
    )
    training = provider.schedule("M1", days_ago(1, 0), [enterprise], people={enterprise: persons})
    client.post("enrollment", "/v1/privacy-requests", token, {"participant_id": persons[0], "kind": "access"})
    day = days_ago(1)[0]
    looks = (
        Page("find", "/enterprises"),
        Page("register", "/enterprises/new"),
        Page("enterprise", f"/enterprises/{furthest}"),
        Page("plan", "/trainings/new"),
        Page("roster", f"/trainings/{training}"),
        Page("attendance", f"/trainings/{training}/attendance/{day}"),
        Page("journey", f"/journeys/{journey['id']}"),
        Page("import", *(f"/imports/{_import(client, token, enterprise, language)}" for language in ("en", "id"))),
        Page("person", f"/people/{persons[0]}", screens=1.8),
    )
    maya = mint(Claims(role="programme", name="Maya Programme"), client.plan.keys)
    rina = mint(Claims(role="provider", institution=sample, name="Rina"), client.plan.keys)
    return [(page, maya if page.name in ("find", "enterprise") else rina) for page in looks]


def _import(client: Client, token: str, enterprise: str, language: str) -> str:
    """A sheet with something wrong in most rows, worked off; its errors are told in the language of its sender."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "text/csv", "Accept-Language": language}
    address = client.url("enrollment", "/v1/imports/participants")
    answer = requests.post(address, data=SHEET.format(enterprise).encode(), headers=headers, timeout=60)
    answer.raise_for_status()
    made: str = answer.json()["id"]

    def ended() -> bool:
        return bool(client.get("enrollment", f"/v1/imports/{made}", token)["state"] in ("done", "failed"))

    client.until("the import has ended", ended)
    return made


def _take(browser: Browser, address: str, page: Page, token: str, screen: tuple[str, str, int, int]) -> None:
    name, language, width, height = screen
    viewport = {"width": width, "height": round(height * page.screens)}
    context = browser.new_context(viewport=viewport, reduced_motion="reduce")
    context.add_cookies([
        {"name": cookie, "value": value, "url": address}
        for cookie, value in (("score_lang", language), ("score_token", token))
    ])  # fmt: skip
    shown = context.new_page()
    shown.set_default_timeout(PATIENCE_SECONDS * 1000)
    answer = shown.goto(address + page.at(language))
    if answer is None or not answer.ok:
        raise RuntimeError(f"{page.name}: {answer and answer.status}")
    shown.screenshot(path=IMAGES / f"{page.name}-{name}.png")
    context.close()


if __name__ == "__main__":
    main()
