"""Orders in which records may arrive."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Shuffle:
    """Orders of arrival in which the records of each key keep theirs; seed 0 tells one key after another, the last first."""

    seed: int

    def __call__(self, told: list[Any], key: Any) -> list[Any]:
        queues: dict[Any, list[Any]] = {}
        for one in told:
            queues.setdefault(key(one), []).append(one)
        order = [name for name, queue in queues.items() for _ in queue]
        if self.seed == 0:
            order.reverse()
        else:
            random.Random(self.seed).shuffle(order)
        return [queues[name].pop(0) for name in order]
