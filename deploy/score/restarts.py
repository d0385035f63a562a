"""When a process that died is started again: soon at first, later and later, and not for ever."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from deploy.score.settings import RunnerSettings


@dataclass(slots=True)
class Restarts:
    settings: RunnerSettings
    deaths: deque[float] = field(default_factory=deque)
    due: float | None = None

    def died(self, now: float) -> bool:
        """Note a death at `now` (monotonic); False when there were too many to go on."""
        self.deaths.append(now)
        while self.deaths[0] < now - self.settings.deaths_seconds:
            self.deaths.popleft()
        if len(self.deaths) >= self.settings.deaths:
            return False
        pause = self.settings.restart_first_seconds * 2 ** (len(self.deaths) - 1)
        self.due = now + min(pause, self.settings.restart_max_seconds)
        return True
