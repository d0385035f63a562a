"""Finds out which declared events their owners record, and names the capability that will record the others.

A contract may be published before its owner can say what it promises, so that handlers are written against it. Whoever reads
the page of events, or waits for an event in a test, has to know which ones those are.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from shared.contracts.catalogue import all_events
from shared.contracts.erasure import AboutErasureDone
from shared.contracts.event import Event
from shared.kernel.service import Service

CONTRACTS: Final = "shared.contracts.events"
NOT_RECORDED_YET: Final = {
    "certification": {
        "expiry and renewal of certificates": ("CertificateExpiring", "CertificateRenewed"),
        "the way from candidate to certified trainer": ("SupervisedDeliveryAuthorised", "TrainerPromoted"),
    },
    "consulting": {
        "before/after cases": ("CasePublished", "CaseWithdrawn"),
    },
    "finance": {
        "sponsors": ("PersonErased", "SponsorRegistered"),
        "sponsorships and their allocation": (
            "AllocationReleased",
            "FundingAllocated",
            "FundingGapDetected",
            "SponsorshipCommitted",
        ),
        "the closing of periods": ("PeriodClosed",),
    },
    "reporting": {"published reports": ("ReportPublished",)},
}


def recorded_by(service: Service) -> set[type[Event]]:
    """Return the events that code of a service makes; that copies are erased is said by `shared.erasure` for all of them."""
    made = {name for file in service.folder.rglob("*.py") for name in _made_in(file, service.name)}
    return {
        event for event in all_events(service.name) if event.__name__ in made or issubclass(event, AboutErasureDone)
    }


def capability_of(service: str, event: type[Event]) -> str | None:
    """Return what has to be built before an event can be recorded; None of one that is."""
    capabilities = NOT_RECORDED_YET.get(service, {})
    return next((name for name, events in capabilities.items() if event.__name__ in events), None)


def _made_in(file: Path, owner: str) -> Iterator[str]:
    """Yield the names of an owner's events whose class a file calls, under whatever name it imports them."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    imported = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    names = {
        alias.asname or alias.name: alias.name
        for node in imported
        if node.module == f"{CONTRACTS}.{owner}"
        for alias in node.names
    }
    modules = {
        alias.asname or alias.name
        for node in imported
        if node.module == CONTRACTS
        for alias in node.names
        if alias.name == owner
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name) and node.func.id in names:
            yield names[node.func.id]
        elif isinstance(node.func, ast.Attribute) and ast.unparse(node.func.value) in modules:
            yield node.func.attr
