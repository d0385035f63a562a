"""`python -m tests.resilience.simulation --seeds 2000`: run seeds, print what was injected, stop at the first violation."""

from __future__ import annotations

import argparse
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat

from tests.resilience.simulation.checks import violations
from tests.resilience.simulation.world import World

SEEDS_AT_ONCE = 10
KEY = "5c" * 32


def run(seed: int, steps: int, rate: float) -> tuple[list[str], int, int]:
    world = World(seed, rate)
    world.live(steps)
    world.heal()
    return violations(world), world.faults.injected, len(world.owners.events)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=2000)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--steps", type=int, default=220)
    parser.add_argument("--rate", type=float, default=0.03)
    parser.add_argument("--processes", type=int, default=os.cpu_count(), help="default: one per core")
    asked = parser.parse_args()
    os.environ["SCORE_DIGEST_KEY"] = KEY  # else one is made, in the data folder
    seeds = range(asked.first, asked.first + asked.seeds)
    began, faults, events = time.monotonic(), 0, 0
    with ProcessPoolExecutor(asked.processes) as pool:
        runs = pool.map(run, seeds, repeat(asked.steps), repeat(asked.rate), chunksize=SEEDS_AT_ONCE)
        for seed, (broken, injected, recorded) in zip(seeds, runs, strict=True):
            faults, events = faults + injected, events + recorded
            if broken:
                print(f"seed {seed}: {broken[0]} ({len(broken)} violations)")
                pool.shutdown(cancel_futures=True)
                return 1
    seconds = time.monotonic() - began
    print(f"{asked.seeds} seeds, {events} events, {faults} faults, 0 violations, {seconds:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
