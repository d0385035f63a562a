"""Runs the real runner on the services of the current folder, with the tests' own migrate and sample.

`python fake_runner.py --data D --ports-offset N [--sample]`
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from deploy.platform.declarations import declarations, services_folder
from deploy.platform.plan import Plan
from deploy.runner.run import run

HERE = Path(__file__).parent

if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--data", type=Path, required=True)
    options.add_argument("--ports-offset", type=int, required=True)
    options.add_argument("--sample", action="store_true")
    options.add_argument("--kafka")
    options.add_argument("--mongo")
    chosen = options.parse_args()
    plan = Plan(
        chosen.data,
        declarations(),
        services_folder().parent,
        offset=chosen.ports_offset,
        kafka=chosen.kafka,
        mongo=chosen.mongo,
        migrate=(sys.executable, str(HERE / "fake_migrate.py")),
        sample=(sys.executable, "-c", "print('loaded')") if chosen.sample else None,
    )
    sys.exit(run(plan))
