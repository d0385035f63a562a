"""The modules that came after M1 to M5, as data (domain.md 1.1; days and visits are defaults, not sourced)."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from services.enrollment.catalogue import commands as catalogue_commands
from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM

CATALOGUE = Path(__file__).parent / "later_modules.json"


def apply(_database: Any) -> None:
    with acting_as(SYSTEM):
        for module in json.loads(CATALOGUE.read_text(encoding="utf-8")):
            catalogue_commands.publish_module_version(
                **{**module, "valid_from": date.fromisoformat(module["valid_from"])}
            )
