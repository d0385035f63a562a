"""Settings of what saves waiting."""

from __future__ import annotations

from dataclasses import dataclass

from shared.kernel.settings.declaration import POSITIVE, setting


@dataclass(frozen=True)
class WakeupSettings:
    """How soon a process notices what another has written."""

    doorbell_ms: int = setting(
        "SCORE_DOORBELL_MS", 10, "Pause between two looks at where the logs of a worker's topics end", check=POSITIVE
    )
    nudges: str = setting(
        "SCORE_NUDGES",
        "",
        "Folder in which the processes of one machine nudge each other when they have written; `score up` sets it",
    )
    nudged_look_ms: int = setting(
        "SCORE_NUDGED_LOOK_MS",
        250,
        "Pause of doorbells and change streams between two looks while nudges are heard",
        check=POSITIVE,
    )
