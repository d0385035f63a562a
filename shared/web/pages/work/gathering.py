"""Gathers what waits for the visitor from every service that has pages for them.

The own part is found here, the others are asked at the same time, with the visitor's token and for a short while: one
that is away, or late, is named as such and keeps nobody waiting.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as Late
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Final

import msgspec
import requests

from shared.access.cookies import read_cookie
from shared.i18n.language import current_language
from shared.kernel import clock
from shared.kernel.context import current_principal
from shared.kernel.settings.current import settings
from shared.reference.zones import WIB
from shared.web.pages.bar.bar import addresses, platform_map
from shared.web.pages.declare import Work
from shared.web.pages.rendering import site
from shared.web.pages.session.visitor import TOKEN_COOKIE
from shared.web.pages.work.operation import own_work

ASKED_AT_ONCE: Final = 16


@dataclass(frozen=True, slots=True)
class Answer:
    """What another service answers; what a newer release adds is ignored."""

    items: list[Work]


@dataclass(frozen=True, slots=True)
class Gathered:
    """What waits, what presses most first, and the services that could not be asked."""

    items: list[Work]
    away: list[str]


def gathered_work() -> Gathered:
    """Return what waits for the visitor everywhere."""
    own = site().service
    known = addresses(own)
    concerned = platform_map().services_for(current_principal().role) & known.keys()
    asked = {name: _ask(name, known[name]) for name in sorted(concerned - {own.name})}
    found, away = list(own_work()) if own.name in concerned else [], []
    for name, answer in asked.items():
        try:
            found += [_led_to(known[name], item) for item in answer.result(settings().work_seconds)]
        except (requests.RequestException, msgspec.MsgspecError, Late):
            away.append(name)
    return Gathered(in_order(found, clock.today(WIB)), away)


def in_order(found: Iterable[Work], today: date) -> list[Work]:
    """Return what is late first, then what is due today, as is all that has no day, then what is to come."""
    return sorted(found, key=lambda item: item.due_on or today)


def _ask(service: str, public_address: str) -> Future[list[Work]]:
    address = settings().inner_addresses.get(service, public_address)
    headers = {
        "Authorization": f"Bearer {read_cookie(TOKEN_COOKIE)}",
        "Accept": "application/json",
        "Accept-Language": current_language(),
    }
    return _askers().submit(_answer_of, f"{address.rstrip('/')}/v1/work", headers, settings().work_seconds)


def _answer_of(address: str, headers: Mapping[str, str], seconds: float) -> list[Work]:
    with requests.get(address, headers=headers, timeout=seconds, allow_redirects=False) as answer:
        answer.raise_for_status()
        return msgspec.json.decode(answer.content, type=Answer).items


@cache
def _askers() -> ThreadPoolExecutor:
    """Return the threads that ask, of this process: made after it was forked."""
    return ThreadPoolExecutor(ASKED_AT_ONCE, thread_name_prefix="asks-for-work")


def _led_to(address: str, item: Work) -> Work:
    """Return an item with addresses that lead to its service."""
    base = address.rstrip("/")
    things = tuple(replace(thing, address=f"{base}{thing.address}") for thing in item.things)
    return replace(item, address=f"{base}{item.address}", things=things)
