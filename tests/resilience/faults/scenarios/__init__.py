"""What is done to the platform, in the order in which it is done."""

from __future__ import annotations

from tests.resilience.faults.scenarios import broker, consumers, deploys, forged, history, records, relays, store, web
from tests.resilience.faults.schedule import Scenario

SCENARIOS: tuple[Scenario, ...] = (
    *web.SCENARIOS,
    *relays.SCENARIOS,
    *consumers.SCENARIOS,
    *deploys.SCENARIOS,
    *store.SCENARIOS,
    *broker.SCENARIOS,
    *history.SCENARIOS,
    *records.SCENARIOS,  # what they write stays in the log: whoever reads it anew would park all of it again
    *history.LAST,
    *forged.SCENARIOS,
)
