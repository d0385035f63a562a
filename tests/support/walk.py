"""A walk through every page of every service, signed in as one of the sample people, on a screen of 360 px.

The browser is driven in a thread of its own: Playwright allows one event loop per thread, and the page tests may hold
one in this process already.
"""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from shared.kernel.service import Service
from shared.web.pages.declare import Pages
from tests.support.browser import ARGUMENTS, CHROMIUM, scrolls_sideways
from tests.support.whole_platform import Platform

PHONE = {"width": 360, "height": 740}


def walked(platform: Platform, role: str, language: str) -> list[str]:
    """What was wrong with any page: its status, its language, an error on its console, a sideways scroll."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(_walk, platform, role, language).result()


def _walk(platform: Platform, role: str, language: str) -> list[str]:
    from playwright.sync_api import sync_playwright  # the lane may be missing

    person = next(person["name"] for person in platform.people() if person["role"] == role)
    faults: list[str] = []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        for service in platform.plan.services:
            address = platform.plan.address(service)
            context = chromium.new_context(viewport=PHONE)  # type: ignore[arg-type]
            context.add_cookies([{"name": "score_lang", "value": language, "url": address}])
            page = context.new_page()
            _complain(page, faults)
            page.goto(f"{address}/signin")
            page.click(f"button.person:has-text({json.dumps(person)})")
            faults += _open_all(page, service, address, role, language)
            context.close()
        chromium.close()
    return faults


def _open_all(page: Any, service: Service, address: str, role: str, language: str) -> list[str]:
    faults = []
    for path in ("/", *_paths(service, role)):
        answer = page.goto(address + path)
        wrong = {
            f"answered {answer.status}": answer.status != 200,
            "scrolls sideways": scrolls_sideways(page),
            "is in another language": page.evaluate("document.documentElement.lang") != language,
            "is empty": not page.inner_text("main").strip(),
        }
        faults += [f"{page.url} {what}" for what, found in wrong.items() if found]
    return faults


def _paths(service: Service, role: str) -> list[str]:
    """The pages of a service that a role may open and that need no id, in the bar or not. A file has no title."""
    pages = Pages.joined(service.pages)
    return [
        page.path
        for page in pages
        if page.method == "GET" and page.title and not page.parameters and page.permits_role(role)
    ]


def _complain(page: Any, faults: list[str]) -> None:
    """Note what a page writes on its console as an error, and what its scripts let out."""
    page.on("pageerror", lambda error: faults.append(f"{page.url}: {error}"))
    page.on("console", lambda line: faults.append(f"{page.url}: {line.text}") if line.type == "error" else None)
