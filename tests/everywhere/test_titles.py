"""Every service knows what modules are called, from its own copy: the newest version's title, in the reader's language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from shared.access.suspensions import groups_of
from shared.contracts.reference import REFERENCE, ModuleTitle
from shared.contracts.wire.compacted import Tombstone
from shared.i18n.language import speaking
from shared.i18n.module_titles import module_title
from shared.kernel import ids
from shared.kernel.service import Service, declared
from tests.support.records import Group, reference_records

TOPIC = REFERENCE.of("enrollment")


def title(number: int, indonesian: str, english: str | None, *, version: int = 1) -> ModuleTitle:
    return ModuleTitle(
        module_version_id=ids.derived("module", "M1", number), version=version, module="M1", module_version=number,
        title_in_indonesian=indonesian, title_in_english=english,
    )  # fmt: skip


@pytest.mark.parametrize("service", declared(), ids=lambda service: service.name)
def test_a_module_is_called_by_its_newest_title(store: Callable[[Service], Any], service: Service) -> None:
    store(service)
    (group,) = [group for group in groups_of(service) if "module" in getattr(group.copied.get(TOPIC), "kinds", ())]
    hearing = Group(group)
    assert called() == ("M1", "M1")
    newest, first = title(2, "Kerja Sama", None), title(1, "Bekerja Bersama", "Working Together")
    hearing.take(reference_records("enrollment", [newest, first], ModuleTitle))
    assert called() == ("M1 Kerja Sama", "M1 Kerja Sama")
    corrected = title(2, "Kerja Sama", "Cooperation", version=3)
    assert hearing.take(reference_records("enrollment", [corrected, newest], ModuleTitle, 41_000)) == [
        "applied",
        "duplicate",
    ]
    assert called() == ("M1 Kerja Sama", "M1 Cooperation")
    gone = Tombstone(key=newest.key, version=4)
    hearing.take(reference_records("enrollment", [gone, corrected], ModuleTitle, 42_000))
    assert called() == ("M1 Bekerja Bersama", "M1 Working Together")


def called() -> tuple[str, str]:
    with speaking("id"):
        indonesian = module_title("M1")
    with speaking("en"):
        return indonesian, module_title("M1")
