"""Kill tests on real processes: see `docs/faults.md`.

Runs the scenarios, judges them from databases and topics, and gives the same commands to a platform without faults.
Exit codes: 0 every invariant holds, 1 one was violated, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import time
from pathlib import Path

from tests.resilience.faults import report
from tests.resilience.faults.campaign import Campaign
from tests.resilience.faults.ground import Ground
from tests.resilience.faults.scenarios import SCENARIOS
from tests.resilience.faults.schedule import DEADLINE

ROUNDS_OF_A_LONG_RUN = 6
MARK = re.compile(r"(<!-- report -->\n).*(\n<!-- /report -->)", re.DOTALL)


def main() -> int:
    asked = _arguments()
    chosen = [scenario for scenario in SCENARIOS if not asked.only or scenario.name in asked.only]
    print(f"seed {asked.seed}, {len(chosen)} scenarios", file=sys.stderr, flush=True)
    run = report.Run(asked.seed, "Apache Kafka" if asked.kafka else "the embedded broker")
    began = time.monotonic()
    ground = Ground(asked.kafka, patient=asked.long)
    calm = None if asked.no_control else Ground(asked.kafka)
    try:
        for one in filter(None, (ground, calm)):
            one.start()
        campaign = Campaign(ground, run, asked.deadline, calm)
        campaign.carry_out(chosen, rounds=asked.rounds or (ROUNDS_OF_A_LONG_RUN if asked.long else 1))
        run.seconds = time.monotonic() - began
        print(json.dumps(report.as_json(run), indent=2) if asked.json else report.as_page(run))
        if not run.clean:
            print(report.violations(run, ground), file=sys.stderr)
    finally:
        for one in filter(None, (ground, calm)):
            one.close()
    if asked.page and run.clean:
        page = Path(asked.page)
        text = page.read_text(encoding="utf-8")
        page.write_text(MARK.sub(lambda at: at[1] + report.as_page(run) + at[2], text), encoding="utf-8")
    return 0 if run.clean else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.resilience.faults", description=__doc__)
    parser.add_argument("--seed", type=int, default=random.randrange(10_000), help="default: drawn, and printed")
    parser.add_argument(
        "--long", action="store_true", help=f"every scenario {ROUNDS_OF_A_LONG_RUN} times, with others' luck"
    )
    parser.add_argument("--rounds", type=int, help=f"how often; default 1, with --long {ROUNDS_OF_A_LONG_RUN}")
    parser.add_argument("--kafka", metavar="ADDRESSES", help="a cluster that runs already; its brokers are left alone")
    names = [scenario.name for scenario in SCENARIOS]
    parser.add_argument("--only", nargs="+", metavar="NAME", choices=names, help=", ".join(names))
    parser.add_argument("--no-control", action="store_true", help="leave out the platform without faults")
    parser.add_argument(
        "--deadline", type=float, default=DEADLINE, help="seconds in which the platform must come to rest"
    )
    parser.add_argument("--json", action="store_true", help="the report as one object")
    parser.add_argument("--page", metavar="FILE", help="write the report of a clean run between the marks of this page")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
