"""A service that only the page tests know: it keeps nothing and shows every macro."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from shared.kernel.message import gettext_noop
from shared.kernel.service import Section, Service


class DemoService(Service):
    __slots__ = ()

    @property
    def folder(self) -> Path:
        return Path(__file__).parent

    @property
    def routes(self) -> tuple[Any, ...]:
        return ()

    @property
    def pages(self) -> tuple[Any, ...]:
        from tests.support.demo.pages import PAGES

        return (PAGES,)


SERVICE = DemoService(
    name="demo",
    title=gettext_noop("Demo"),
    port=8199,
    metrics_port=9199,
    sections=(Section("demo", gettext_noop("Enterprises"), 1),),
)
