"""The targets of Phase III, T1 to T11, as data (domain.md 6.1). There are no yearly milestones, so none are made up."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from services.reporting.settings import reporting_settings
from services.reporting.targets import commands
from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM

TARGETS = Path(__file__).parent / "targets.json"


def apply(_database: Any) -> None:
    with acting_as(SYSTEM):
        for position, target in enumerate(json.loads(TARGETS.read_text(encoding="utf-8")), start=1):
            due = date.fromisoformat(target.pop("due"))
            commands.establish_target(**target, position=position, due=due, valid_from=reporting_settings().counts_from)
