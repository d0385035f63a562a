"""The module catalogue M1 to M5, as data (domain.md 1.1 and 1.2; visits per module are defaults, not sourced)."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from services.enrollment.catalogue import commands as catalogue_commands
from shared.kernel.context import acting_as
from shared.kernel.principal import SYSTEM

CATALOGUE = Path(__file__).parent / "module_catalogue.json"


def apply(_database: Any) -> None:
    with acting_as(SYSTEM):
        for module in json.loads(CATALOGUE.read_text()):
            catalogue_commands.publish_module_version(
                **{**module, "valid_from": date.fromisoformat(module["valid_from"])}
            )
